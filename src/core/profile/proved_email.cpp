// The unique use is the link's own row; the unique index says whose the address is.
#include "core/profile/proved_email.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/rename.hpp"

namespace propusk::core {

Result<LiveLink> take_proved_email(Transaction& transaction, const LinkPresented& presented, LinkPurpose purpose,
                                   Instant now) {
  TRY(live, look_at_link(transaction.links(), transaction.accounts(), presented, purpose, now));
  const auto& [link, account] = live;
  if (!transaction.links().use(link.digest, now)) return refuse(Refusal::link_used);
  if (transaction.accounts().set_verified_email(account.id, link.email, email_key(link.email)) != Inserted::yes)
    return refuse(Refusal::email_taken);
  rename_with_email(transaction.accounts(), account, link.email);
  return std::move(live);
}

}  // namespace propusk::core
