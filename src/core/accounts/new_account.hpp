// New accounts: canonical columns, free ids, and the insert that registration and administration share.
#pragma once
#include <array>
#include <string>

#include "base/random.hpp"
#include "core/accounts/account.hpp"
#include "core/accounts/account_store.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

struct NewAccountColumns {
  std::string username, email, password_hash;
  bool claims_email = false;
  std::string language{};
  ProfileFields fields{};
};
/// An active account without id, with its canonical columns filled in.
Account new_account(NewAccountColumns columns, Instant at);

/// The account as one that waits for its address until `at` + activation_wait.
Account as_pending(Account account, Instant at);

/// The form in which an address is compared and found; addresses without an IDNA form (domain literals, `localhost`)
/// are compared without regard to ASCII case. "" for "".
std::string email_key(const std::string& email);

/// The form in which a username is compared where a dialect does so without regard to case: canonical_name(), or the
/// name itself if it folds to nothing.
std::string username_key(const std::string& username);

/// Ids to try: at half-full id space eight draws fail once in 256 registrations; long before, ids grow (DESIGN.md §7).
using AccountIds = std::array<AccountId, 8>;
/// Positive, within 31 bits.
AccountIds draw_account_ids(Random& random);

/// Inserts under the first free id. Refuses username_taken, email_taken or creation_failed.
Result<AccountId> insert_account(AccountStore& accounts, Account account, const AccountIds& ids);

}  // namespace propusk::core
