// Registration: from what a person typed to a durable account. No session follows.
#pragma once
#include <optional>
#include <string>

#include "base/caller.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/accounts/names.hpp"
#include "core/audit/outcomes.hpp"
#include "core/limits/limits.hpp"
#include "core/passwords/password_hasher.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/refusal.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// What a dialect read from the wire; an absent field is an empty string.
struct RegistrationDraft {
  std::string username;
  UsernameShape shape = UsernameShape::slug;
  std::string email;
  Secret<> password;
};

struct RegistrationDeps {
  Store& store;
  PasswordHasher& hasher;
  Limits& limits;
  const Clock& clock;
  Random& random;
  const PasswordPolicy& policy;
  OutcomeCounters& outcomes;
  std::string_view dialect;  ///< for the audit trail
};

/// The id of the new account. Refuses with every problem of the form in Refused::all (malformed and taken names, weak
/// passwords), so that each dialect can answer in its own order; or limited, overloaded, creation_failed alone.
/// Of 50 parallel registrations of one name exactly one succeeds.
Task<Result<AccountId>> register_account(RegistrationDraft draft, const Caller& caller, RegistrationDeps deps);

}  // namespace propusk::core
