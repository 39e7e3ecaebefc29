// What each refusal and failure looks like in the djoser dialect: one switch, exhaustive by -Wswitch-enum.
#include "dialects/djoser/wire.hpp"

namespace propusk::djoser {
namespace {
using core::Refusal;
}  // namespace

WireError to_wire(Refusal refusal) {
  switch (refusal) {
    case Refusal::username_malformed: return {400, Place::username, Sentence::username_malformed};
    case Refusal::username_taken: return {400, Place::username, Sentence::already_exists};
    case Refusal::email_malformed: return {400, Place::email, Sentence::email_malformed};
    case Refusal::email_taken: return {400, Place::email, Sentence::already_exists};
    case Refusal::password_too_short: return {400, Place::detail, Sentence::password_too_short};
    case Refusal::password_too_long: return {400, Place::detail, Sentence::too_long};
    case Refusal::password_common: return {400, Place::detail, Sentence::password_too_common};
    case Refusal::password_numeric: return {400, Place::detail, Sentence::password_numeric};
    case Refusal::password_malformed: return {400, Place::detail, Sentence::not_a_string};
    case Refusal::bad_credentials: return {400, Place::current_password, Sentence::password_wrong};
    case Refusal::uid_unknown: return {400, Place::uid, Sentence::link_uid_invalid};
    case Refusal::link_used: return {403, Place::detail, Sentence::link_token_stale};
    case Refusal::link_unknown:
    case Refusal::link_expired: return {400, Place::token, Sentence::link_token_invalid};
    case Refusal::account_disabled: return {401, Place::detail, Sentence::owner_inactive};
    case Refusal::not_signed_in:
    case Refusal::account_unknown: return {401, Place::detail, Sentence::token_unknown};
    case Refusal::creation_failed: return {400, Place::detail, Sentence::account_not_created};
    case Refusal::provider_unknown: return {400, Place::detail, Sentence::not_found};
    case Refusal::provider_refused:
    case Refusal::provider_revoked:
    case Refusal::identity_taken:
    case Refusal::identity_unknown:
    case Refusal::last_way_in:
    case Refusal::client_unknown:
    case Refusal::client_refused:
    case Refusal::client_malformed:
    case Refusal::client_taken:
    case Refusal::grant_not_allowed:
    case Refusal::grant_refused:
    case Refusal::scope_refused: return {400, Place::detail, Sentence::credentials_refused};
    case Refusal::not_fresh: return {403, Place::detail, Sentence::permission_denied};
    case Refusal::provider_failed: return {503, Place::detail, Sentence::server_error};
    case Refusal::limited: return {429, Place::detail, Sentence::throttled};
    case Refusal::overloaded:
    case Refusal::mail_unknown: return {503, Place::detail, Sentence::server_error};
  }
  return {500, Place::detail, Sentence::server_error};
}

void send_refusal(const Visit& visit, const core::Refused& refused) {
  const WireError error = to_wire(refused.why);
  if (error.status == 401) return drf::send_unauthorized(visit, error.sentence);
  if (error.status == 429) return drf::send_throttled(visit, refused.retry_after);
  drf::send_detail(visit, error.status, error.sentence);
  drf::add_retry_after(visit, refused.retry_after);
}

void write_failure(Djoser&, http::Failure failure, const http::Request&, http::Reply& reply) {
  drf::send_failure(failure, reply);
}

}  // namespace propusk::djoser
