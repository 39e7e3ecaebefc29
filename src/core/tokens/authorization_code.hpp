// Authorization codes: a person lets a client have tokens, and the client exchanges what it was told for them (RFC 6749
// section 4.1, RFC 7636 with S256 alone).
#pragma once
#include <chrono>
#include <string>

#include "base/secret.hpp"
#include "core/clients/authentication.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {

/// From the question to the exchange; a browser and a server need a moment (RFC 6749 section 4.1.2: ten minutes at
/// most).
inline constexpr std::chrono::seconds authorization_code_lifetime{60};

/// 256 random bits as base64url.
Secret<> new_authorization_code(Random& random);

/// What a client asks a person for.
struct AuthorizationAsked {
  std::string client_id;
  std::string redirect_uri;  ///< "": the only one that the client has
  std::string scope;         ///< "": all that the client may have
  std::string code_challenge;
};
/// What the person decides about.
struct AuthorizationOffer {
  SharedClient client;
  std::string redirect_uri;  ///< where the answer goes, with whatever port the client asked for
  std::string scope;
};

/// Who asks and where the answer goes. Refuses client_unknown, and client_malformed if nothing may be sent to that
/// address: then nothing is, and only the person is told.
Task<Result<AuthorizationOffer>> look_at_client(AuthorizationAsked asked, const Caller& caller, ClientDeps deps);
/// The offer with its scope. Refuses grant_not_allowed, scope_refused: these are told where the answer goes.
Result<AuthorizationOffer> judge_authorization(AuthorizationOffer offer, const AuthorizationAsked& asked);
/// Whether the person need not be asked: they let this client have all of it before, or the operator decided.
Task<bool> has_consented(AccountId account, AuthorizationOffer offer, const Caller& caller, ClientDeps deps);

/// A yes.
struct CodeDraft {
  Digest session;  ///< of the browser's session in which it was said
  AuthorizationOffer offer;
  std::string redirect_uri;  ///< as asked: the exchange must say the same
  std::string code_challenge;
  Digest code;            ///< SHA-256 of the code
  bool remember = false;  ///< the person was asked, and is not asked again
};
/// Writes the code, and the consent. Refuses not_signed_in, account_disabled, client_unknown (changed meanwhile),
/// limited.
Task<Result<void>> issue_code(CodeDraft draft, const Caller& caller, SessionDeps deps);

/// An exchange.
struct CodePresented {
  Secret<> code;
  SharedClient client;
  std::string redirect_uri;
  Secret<> verifier;
};
struct CodeExchanged {
  AccountId account{};
  std::string scope;
};
/// Opens the drafted sign-in with the terms of the code. A code that comes again ends what it was exchanged for (RFC
/// 6749 section 4.1.2), with an audit event. Refuses grant_not_allowed, grant_refused.
Task<Result<CodeExchanged>> exchange_code(CodePresented presented, CredentialDraft draft, const Caller& caller,
                                          SessionDeps deps);

}  // namespace propusk::core
