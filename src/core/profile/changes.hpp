// Changes that the bearer of a live credential makes to their own account, one at a time (djoser).
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/profile/email_replacement.hpp"
#include "core/profile/profile.hpp"
#include "core/sessions/bearer.hpp"

namespace propusk::core {

/// Every verb below checks the current password first where it takes one, as reauthenticate() does: bad_credentials,
/// not_fresh (an account without a password), limited, overloaded. Of an account that was disabled meanwhile it is
/// not_signed_in or account_disabled.

/// Only checks the current password: for a form that has other mistakes too.
Task<Result<void>> confirm_password(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps);

struct PasswordChange {
  Bearer bearer;
  Secret<> current, next;
};
/// Ends every credential but the one that asked, which moves to the new epoch in the same transaction (DESIGN.md §6.4).
/// Refuses weak passwords, all problems at once.
Task<Result<void>> change_password(PasswordChange change, const Caller& caller, ProfileDeps deps);

struct UsernameChange {
  Bearer bearer;
  Secret<> current;
  std::string username;
};
/// Refuses username_malformed, username_taken (one's own name too, as recorded).
Task<Result<void>> change_username(UsernameChange change, const Caller& caller, ProfileDeps deps);

struct ProfileUpdate {
  Bearer bearer;
  std::optional<Secret<>> current;   ///< where the dialect asks for the password
  std::optional<std::string> email;  ///< replaced at once: replace_email()
  EmailRule rule;
  bool same_is_taken = false;  ///< one's own address is refused as email_taken, else it changes nothing
  std::vector<std::pair<ProfileField, std::string>> fields;
};
/// The account as it is afterwards; only what differs is written. Refuses email_malformed, email_taken, limited.
Task<Result<Account>> update_profile(ProfileUpdate update, const Caller& caller, ProfileDeps deps);

/// Deletes the account and all that lets anybody into it.
Task<Result<void>> delete_own_account(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps);

}  // namespace propusk::core
