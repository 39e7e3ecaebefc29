// A proof beats every claim (DESIGN.md §6.5), whoever brings it.
#include "core/social/vouched_email.hpp"

#include "core/accounts/new_account.hpp"
#include "core/accounts/rename.hpp"
#include "core/outbox/outbox.hpp"

namespace propusk::core {

Result<void> take_vouched_email(Transaction& transaction, AccountId account, const std::string& email, Instant now) {
  AccountStore& accounts = transaction.accounts();
  const std::string key = email_key(email);
  for (const Account& other : accounts.find_by_email_key(key, accounts_per_address))
    if (other.id != account && !other.email_verified) drop_address_name(accounts, other);
  if (accounts.set_verified_email(account, email, key) != Inserted::yes) return refuse(Refusal::email_taken);
  transaction.outbox().cancel_all_to(key, MailKind::activation, now);
  return {};
}

}  // namespace propusk::core
