// Refreshing: a refresh token is used once; the next one comes with the answer. A lost answer logs nobody out, and two
// chains never grow from one token.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/audit/outcomes.hpp"
#include "core/clients/directory.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {

struct RefreshDeps {
  SessionDeps sessions;
  OutcomeCounters& refreshes;
  CredentialLife life = row_of(CredentialKind::jwt_refresh).life;
};

/// The token ids of a chain of JWTs: 128 random bits as 32 hex digits. Only SHA-256 of them is stored.
Secret<> new_token_id(Random& random);
/// Those of a chain of opaque tokens: 15 letters and digits, 89 bits, because the whole token has 30 (CONTRACTS.md
/// §3.2).
Secret<> new_opaque_token_id(Random& random);

/// What a refresh token says, once its signature was found right, or its two halves were taken apart.
struct RefreshPresented {
  Digest credential;  ///< of the sign-in that it belongs to
  Secret<> token_id;
  SharedClient client{};                ///< that asks for an opaque one; nullptr: whoever holds a JWT
  std::string scope{};                  ///< that the next access token shall have; "": all of the sign-in's
  std::optional<AccessDraft> access{};  ///< the next access token, where the store keeps them
};
struct Refreshed {
  AccountId account{};
  Secret<> next_token_id;
  Instant expires_at{};  ///< of the next refresh token
  std::string scope{};   ///< of the next access token, if a client asked
};

/// How long a token that was used may come again although its successor has been used too.
inline constexpr std::chrono::seconds lost_answer_grace{10};
inline constexpr std::size_t access_tokens_of_a_lost_answer = 10;  ///< one a second

/// Exchanges a refresh token for the next one. The same token again gets the same successor: within lost_answer_grace,
/// and for the first token of a chain as long as its successor was never used, because a client that keeps the token
/// that it signed in with does no more than the recorded ones did. Any other used token is a stolen one or its
/// victim's: the whole chain ends at once (RFC 9700 §4.14), with an audit event. Refuses not_signed_in,
/// account_disabled, limited, and scope_refused for more than the sign-in has. The access tokens before end with a
/// rotation; of those that a repeated answer adds, the newest access_tokens_of_a_lost_answer stay.
Task<Result<Refreshed>> refresh_tokens(RefreshPresented presented, const Caller& caller, RefreshDeps deps);

/// Whether a refresh token would be exchanged now; changes nothing. Refuses not_signed_in, account_disabled, and
/// limited when the client's prefix has asked for too many unknown secrets.
Task<Result<void>> look_at_refresh_token(RefreshPresented presented, const Caller& caller, RefreshDeps deps);

/// Ends all bearer tokens of an account, of every kind but browser sessions, with one audit event.
Task<Result<void>> end_all_tokens(AccountId account, const Caller& caller, SessionDeps deps);

}  // namespace propusk::core
