// What clients hold: tokens of their own, questions about tokens (RFC 7662), and the end of what they got (RFC 7009).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/clients/directory.hpp"
#include "core/sessions/sessions.hpp"
#include "core/tokens/refresh.hpp"

namespace propusk::core {

/// Issues a token that speaks for the client alone (RFC 6749 section 4.4). Returns its scope. Refuses
/// grant_not_allowed, scope_refused, limited, and client_unknown if the client has changed meanwhile.
Task<Result<std::string>> issue_client_token(SharedClient client, std::string scope, AccessDraft draft,
                                             const Caller& caller, SessionDeps deps);

/// What is told of a live access token.
struct TokenFacts {
  CredentialTerms terms;
  Instant expires_at{};
  SharedCard owner;  ///< nullptr: the client's own token
};
/// Whether a client may be told of a token: of those that it got, and of all if the operator said so.
bool may_introspect(const Client& asking, const CredentialTerms& terms);

/// What memory alone says of an access token.
struct Looked {
  bool known = false;   ///< else ask introspect()
  SharedTerms terms{};  ///< nullptr: it is not live
  Instant expires_at{};
  SharedCard owner{};
};
Looked look_at_access_token(const Digest& token, const SessionDeps& deps);
/// Asks the store; nothing for what is no live access token, or none that `asking` may know of.
Task<std::optional<TokenFacts>> introspect(Digest token, SharedClient asking, const Caller& caller, SessionDeps deps);

/// A token that a client gives back: which of the two it is, it need not say.
struct RevocationPresented {
  SharedClient client;
  Digest access;                            ///< SHA-256 of it, should it be an access token
  std::optional<RefreshPresented> refresh;  ///< its two halves, should it be a refresh token
};
/// Ends an access token alone, a refresh token with all that was issued under it (RFC 7009 section 2.1). A token that
/// is unknown or another client's is no error and changes nothing. Never refuses.
Task<Result<void>> revoke_token(RevocationPresented presented, const Caller& caller, SessionDeps deps);

/// Ends what one client got for the bearer's account, of one kind. Refuses limited.
Task<Result<void>> end_tokens_of_client(Bearer bearer, std::string client, CredentialKind kind, const Caller& caller,
                                        SessionDeps deps);

/// What an account lets clients have, newest first.
Task<std::vector<Consent>> list_consents(AccountId account, const Caller& caller, SessionDeps deps);
/// Takes a consent back, and ends all that the client got for the account. False if there was none.
Task<Result<bool>> withdraw_consent(AccountId account, std::string client, const Caller& caller, SessionDeps deps);

}  // namespace propusk::core
