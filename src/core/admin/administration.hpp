// Administration: what an operator may do to accounts. Every verb leaves an audit event in its transaction.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/accounts/account.hpp"
#include "core/audit/audit.hpp"
#include "core/keys/keys.hpp"
#include "core/outbox/mailer.hpp"
#include "core/passwords/password_hasher.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/refusal.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// Who acts, for the audit trail, and until when.
struct Operator {
  std::string name;  ///< "operator uid 0"
  Deadline deadline{};
};

struct AdministrationDeps {
  Store& store;
  PasswordHasher& hasher;
  const Clock& clock;
  Random& random;
  const PasswordPolicy& policy;
  KeyDeps keys;
  /// Made when it is first asked for: a command that sends nothing needs no mail server. Throws Outage.
  std::function<Mailer&()> mailer;
};

struct NewAccount {
  std::string username;
  std::string email;  ///< "" for none
  Secret<> password;
  bool is_pending = false;  ///< claims the address and waits until the link that is mailed there is followed
};

/// Refuses every problem of the form in Refused::all, or creation_failed, overloaded. Usernames as in `mobile`.
/// A pending one needs an address, refuses email_taken, and asks for its activation mail in the same transaction.
Task<Result<Account>> create_account(NewAccount account, Operator by, AdministrationDeps deps);
/// By id (digits), else exact username, else canonical username, else e-mail. Refuses account_unknown, also for a tie.
Task<Result<Account>> find_account(std::string identifier, Operator by, AdministrationDeps deps);
/// Ascending ids after `after`.
Task<Result<std::vector<Account>>> list_accounts(AccountId after, std::size_t limit, Operator by,
                                                 AdministrationDeps deps);
/// Disables and ends every credential. Refuses account_unknown; disabling twice is fine.
Task<Result<void>> disable_account(AccountId account, Operator by, AdministrationDeps deps);
/// Enables again; what was ended stays ended. Refuses account_unknown, and account_disabled for a pending account,
/// which nobody has disabled (activate_by_word).
Task<Result<void>> enable_account(AccountId account, Operator by, AdministrationDeps deps);
/// Removes the account and its credentials; audit events stay.
Task<Result<void>> delete_account(AccountId account, Operator by, AdministrationDeps deps);
/// Sets a password that passes the policy and ends every credential (DESIGN.md §6.4).
Task<Result<void>> set_password(AccountId account, Secret<> password, Operator by, AdministrationDeps deps);
/// Newest first; of one account, or of all.
Task<Result<std::vector<AuditEvent>>> list_audit(std::optional<AccountId> account, std::size_t limit, Operator by,
                                                 AdministrationDeps deps);

}  // namespace propusk::core
