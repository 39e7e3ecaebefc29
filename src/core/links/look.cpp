// Judges links. Who holds the secret is told whether it was used or too old; everybody else only that it is unknown.
#include "core/links/look.hpp"

#include <utility>

namespace propusk::core {

Result<LiveLink> look_at_link(const LinkStore& links, const AccountStore& accounts, const LinkPresented& presented,
                              LinkPurpose purpose, Instant now) {
  const std::optional<AccountId> id = account_of_uid(presented.uid);
  if (!id || !is_link_secret(presented.secret.reveal())) return refuse(Refusal::link_unknown);
  std::optional<Link> link = links.find(sha256(presented.secret.reveal()));
  if (!link || link->purpose != purpose || link->account != *id) return refuse(Refusal::link_unknown);
  if (link->used_at) return refuse(Refusal::link_used);
  if (link->expires_at <= now) return refuse(Refusal::link_expired);
  std::optional<Account> account = accounts.find(*id);
  if (!account || account->state != AccountState::active || account->epoch != link->epoch)
    return refuse(Refusal::link_unknown);
  if (purpose == LinkPurpose::recovery && account->email != link->email) return refuse(Refusal::link_unknown);
  return LiveLink{std::move(*link), std::move(*account)};
}

}  // namespace propusk::core
