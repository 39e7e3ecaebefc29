// Sign-in with a password: the whole policy, from what a person typed to an open session.
#pragma once
#include <optional>
#include <string>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/audit/outcomes.hpp"
#include "core/limits/limits.hpp"
#include "core/outbox/outbox.hpp"
#include "core/passwords/password_hasher.hpp"
#include "core/refusal.hpp"
#include "core/sessions/sessions.hpp"
#include "core/sign_in/completion.hpp"

namespace propusk::core {

/// Which identifiers a dialect takes (DESIGN.md §7 "Sign-in identifier").
enum class IdentifierRule : std::uint8_t {
  exact_username,   ///< `mobile`
  stored_username,  ///< `djoser` default: as it was typed at registration, whatever its shape
  stored_email,     ///< `djoser` email: as it was typed, verified or claimed
  stored_name,      ///< `djoser` seed: either of the two
  any,              ///< with `@`: verified address, claimed address, username; else exact, then canonical username
};

struct PasswordAttempt {
  std::string identifier;
  IdentifierRule rule = IdentifierRule::exact_username;
  Secret<> password;
  CredentialDraft draft;            ///< the new credential, should the attempt succeed
  std::optional<Digest> presented;  ///< the credential that the client already sends, if any
  bool replaces_presented = false;  ///< it ends even if it is the same account's: the new one is fresh
};

struct SignInDeps {
  SessionDeps sessions;
  PasswordHasher& hasher;
  OutcomeCounters& outcomes;
  OutboxDeps outbox;         ///< for the notice of a new device
  std::string_view dialect;  ///< for the audit trail
  /// After a right password a disabled account is told so (account_disabled); else it reads bad_credentials.
  bool tells_disabled = false;
};

/// Refuses bad_credentials (unknown, wrong, disabled, malformed: the same work and the same answer), account_disabled
/// (only after a right password and where tells_disabled), limited, overloaded. On success the session is durable, the
/// audit event is written in the same transaction, a presented credential of another account is ended and one of the
/// same account kept (CONTRACTS.md §1 "Session").
Task<Result<SignedIn>> sign_in_with_password(PasswordAttempt attempt, const Caller& caller, SignInDeps deps);

}  // namespace propusk::core
