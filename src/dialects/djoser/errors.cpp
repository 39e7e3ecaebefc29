// What each refusal and failure looks like in the djoser dialect: one switch, exhaustive by -Wswitch-enum.
#include <algorithm>

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
    case Refusal::limited: return {429, Place::detail, Sentence::throttled};
    case Refusal::overloaded:
    case Refusal::mail_unknown: return {503, Place::detail, Sentence::server_error};
  }
  return {500, Place::detail, Sentence::server_error};
}

void send_refusal(const Visit& visit, const core::Refused& refused) {
  const WireError error = to_wire(refused.why);
  const auto wait = static_cast<std::uint64_t>(std::max<std::int64_t>(refused.retry_after.count(), 0));
  if (error.status == 401) return send_unauthorized(visit, error.sentence);
  if (error.status == 429)
    send_json(visit, 429, detail_of(say_throttled(visit.language, wait)));
  else
    send_detail(visit, error.status, error.sentence);
  if (wait > 0) visit.reply.header("Retry-After", std::to_string(wait));
}

void write_failure(Djoser&, http::Failure failure, const http::Request&, http::Reply& reply) {
  const bool is_outage = failure == http::Failure::outage;
  reply.status = is_outage ? 503 : 500;
  reply.headers("Content-Type: application/json\r\nCache-Control: no-store\r\nX-Frame-Options: DENY\r\n");
  if (is_outage) reply.headers("Retry-After: 1\r\n");
  reply.body(detail_of(say(Sentence::server_error, Language::en)));
}

}  // namespace propusk::djoser
