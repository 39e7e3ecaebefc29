// Registration: from what a person typed to a durable account. No session follows.
#pragma once
#include <optional>
#include <string>

#include "base/caller.hpp"
#include "base/language.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/accounts/names.hpp"
#include "core/audit/outcomes.hpp"
#include "core/limits/limits.hpp"
#include "core/outbox/outbox.hpp"
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
  EmailShape email_shape = EmailShape::any;
  bool email_is_optional = false;  ///< then "" is no malformed address
  bool claims_email = false;       ///< nobody else may claim the address, and it is refused if somebody has
  Secret<> password;
  bool tells_taken_first =
      false;  ///< taken names are told beside whatever else is wrong (CONTRACTS.md §2: 12 before 31)
  ProfileFields fields{};
  bool needs_activation = false;     ///< pending until the link of an activation mail is followed
  bool sends_confirmation = false;   ///< a letter says that the account is ready; with activation: after it
  std::optional<Language> language;  ///< that the request asks for: in which the person is written to from now on
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
  const OutboxSettings& outbox;
};

/// The id of the new account. Refuses with every problem of the form in Refused::all (malformed and taken names, weak
/// passwords), so that each dialect can answer in its own order; or limited, overloaded, creation_failed alone. A
/// username shaped like an address may only be the account's own address and shares its uniqueness (DESIGN.md §7).
/// The letters of the draft are posted in the same transaction. Of 50 parallel registrations of one name or claimed
/// address exactly one succeeds.
Task<Result<AccountId>> register_account(RegistrationDraft draft, const Caller& caller, RegistrationDeps deps);

/// What is taken of two names that somebody wants to have; "" for one that is not asked for.
struct NamesWanted {
  std::string username, email;
};
struct NamesTaken {
  bool username = false;  ///< to the byte
  bool email = false;     ///< verified or claimed by another account, in whatever spelling
  bool email_to_the_byte = false;
};
/// For dialects that tell of taken names beside whatever else is wrong with a form. Rationed as registrations are,
/// unless the caller has been: limited.
Task<Result<NamesTaken>> look_at_names(NamesWanted wanted, bool is_rationed, const Caller& caller,
                                       RegistrationDeps deps);

}  // namespace propusk::core
