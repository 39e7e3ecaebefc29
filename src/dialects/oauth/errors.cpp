// What each refusal and failure looks like in the oauth dialect: one switch, exhaustive by -Wswitch-enum.
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
using core::Refusal;

WireError to_wire(Refusal refusal) {
  switch (refusal) {
    case Refusal::client_unknown:
    case Refusal::client_refused: return {401, "invalid_client", ""};
    case Refusal::grant_not_allowed: return {400, "unauthorized_client", ""};
    case Refusal::grant_refused:
    case Refusal::not_signed_in: return {400, "invalid_grant", ""};
    case Refusal::account_disabled: return {400, "invalid_grant", "User inactive or deleted."};
    case Refusal::bad_credentials: return {400, "invalid_grant", "Invalid credentials given."};
    case Refusal::scope_refused: return {400, "invalid_scope", ""};
    case Refusal::provider_unknown: return {400, "invalid_request", "Invalid backend parameter."};
    case Refusal::provider_refused: return {400, "access_denied", "Your credentials aren't allowed"};
    case Refusal::provider_revoked: return {400, "access_denied", "User revoke access to the token"};
    case Refusal::provider_failed: return {400, "access_denied", "The authentication provider could not be reached"};
    case Refusal::email_taken:
      return {400, "access_denied",
              "An account with this e-mail address exists; sign in to it and connect the provider"};
    case Refusal::identity_taken:
      return {400, "access_denied", "This account of the provider is connected to another account"};
    case Refusal::identity_unknown: return {400, "access_denied", "The provider is not connected"};
    case Refusal::last_way_in: return {400, "access_denied", "This is the only way into the account"};
    case Refusal::not_fresh: return {400, "access_denied", "Sign in again"};
    case Refusal::limited: return {429, "slow_down", ""};
    case Refusal::overloaded: return {503, "temporarily_unavailable", ""};
    case Refusal::username_malformed:
    case Refusal::username_taken:
    case Refusal::email_malformed:
    case Refusal::password_too_short:
    case Refusal::password_too_long:
    case Refusal::password_common:
    case Refusal::password_numeric:
    case Refusal::password_malformed:
    case Refusal::account_unknown:
    case Refusal::mail_unknown:
    case Refusal::creation_failed:
    case Refusal::uid_unknown:
    case Refusal::link_unknown:
    case Refusal::link_used:
    case Refusal::link_expired:
    case Refusal::client_malformed:
    case Refusal::client_taken: return {400, "invalid_request", ""};
  }
  return {500, "server_error", ""};
}

void send_refusal(const Visit& visit, const core::Refused& refused) {
  const WireError error = to_wire(refused.why);
  if (error.status == 429) return drf::send_throttled(visit, refused.retry_after);
  send_error(visit, error.status, error.error, error.description);
  drf::add_retry_after(visit, refused.retry_after);
}

void write_failure(Oauth&, http::Failure failure, const http::Request&, http::Reply& reply) {
  drf::send_failure(failure, reply);
}

}  // namespace propusk::oauth
