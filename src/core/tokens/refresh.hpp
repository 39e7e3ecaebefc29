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
#include "core/sessions/sessions.hpp"

namespace propusk::core {

struct RefreshDeps {
  SessionDeps sessions;
  OutcomeCounters& refreshes;
  CredentialLife life = row_of(CredentialKind::jwt_refresh).life;
};

/// The token ids of a chain: 128 random bits as 32 hex digits. Only SHA-256 of them is stored.
Secret<> new_token_id(Random& random);

/// What a refresh token says, once its signature was found right.
struct RefreshPresented {
  Digest credential;  ///< of the sign-in that it belongs to
  Secret<> token_id;
};
struct Refreshed {
  AccountId account{};
  Secret<> next_token_id;
  Instant expires_at{};  ///< of the next refresh token
};

/// How long a token that was used may come again although its successor has been used too.
inline constexpr std::chrono::seconds lost_answer_grace{10};

/// Exchanges a refresh token for the next one. The same token again gets the same successor: within lost_answer_grace,
/// and for the first token of a chain as long as its successor was never used, because a client that keeps the token
/// that it signed in with does no more than the recorded ones did. Any other used token is a stolen one or its
/// victim's: the whole chain ends at once (RFC 9700 §4.14), with an audit event. Refuses not_signed_in,
/// account_disabled, limited.
Task<Result<Refreshed>> refresh_tokens(RefreshPresented presented, const Caller& caller, RefreshDeps deps);

/// Whether a refresh token would be exchanged now; changes nothing. Refuses not_signed_in, account_disabled, and
/// limited when the client's prefix has asked for too many unknown secrets.
Task<Result<void>> look_at_refresh_token(RefreshPresented presented, const Caller& caller, RefreshDeps deps);

/// Ends all bearer tokens of an account, of every kind but browser sessions, with one audit event.
Task<Result<void>> end_all_tokens(AccountId account, const Caller& caller, SessionDeps deps);

}  // namespace propusk::core
