// What each refusal and failure looks like in the mobile dialect: one switch, exhaustive by -Wswitch-enum.
#include <array>
#include <charconv>
#include <string>

#include "dialects/mobile/handlers.hpp"

namespace propusk::mobile {
namespace {
using core::Refusal;

/// The contract's order of checks; what is not listed comes alone.
constexpr std::array order_of_checks{
    Refusal::email_malformed, Refusal::password_malformed, Refusal::password_too_short, Refusal::password_too_long,
    Refusal::password_common, Refusal::password_numeric,   Refusal::username_malformed, Refusal::username_taken,
};

Refusal first_of(const core::Refused& refused) {
  for (Refusal refusal : order_of_checks)
    if (refused.all.has(refusal)) return refusal;
  return refused.why;
}
}  // namespace

WireError to_wire(Refusal refusal, const MobileSettings& settings) {
  switch (refusal) {
    case Refusal::email_malformed: return {407, "bad email"};
    case Refusal::password_malformed:
    case Refusal::password_too_short:
    case Refusal::password_too_long:
    case Refusal::password_common:
    case Refusal::password_numeric: return {408, "bad password"};
    case Refusal::username_malformed: return {409, "bad login"};
    case Refusal::username_taken: return {410, "user already exists"};
    case Refusal::email_taken:  // no code of its own; this dialect never claims an address, so it cannot happen here
    case Refusal::creation_failed: return {settings.create_failure_status, "something went wrong"};
    case Refusal::bad_credentials:
    case Refusal::account_unknown:
    case Refusal::account_disabled:
    case Refusal::mail_unknown:
    case Refusal::uid_unknown:
    case Refusal::link_unknown:
    case Refusal::link_used:
    case Refusal::link_expired:
    case Refusal::not_signed_in:
    case Refusal::provider_unknown:  // from here on: what this dialect has no route to ask for
    case Refusal::provider_refused:
    case Refusal::provider_revoked:
    case Refusal::provider_failed:
    case Refusal::identity_taken:
    case Refusal::identity_unknown:
    case Refusal::last_way_in:
    case Refusal::not_fresh:
    case Refusal::client_unknown:
    case Refusal::client_refused:
    case Refusal::client_malformed:
    case Refusal::client_taken:
    case Refusal::grant_not_allowed:
    case Refusal::grant_refused:
    case Refusal::scope_refused:
    case Refusal::limited: return {405, ""};
    case Refusal::overloaded: return {503, ""};
  }
  return {500, ""};
}

void write_refusal(const Mobile& mobile, const core::Refused& refused, http::Reply& reply, const Place& place) {
  const WireError error = to_wire(first_of(refused), mobile.settings);
  begin(reply, error.status, place.caching, mobile.clock.now());
  if (error.status == 405) reply.header("Allow", place.allow);
  // OkHttp sends a 408 again at once unless it is told to wait (CONTRACTS.md §1 "OkHttp hazards").
  if (error.status == 408) reply.headers("Retry-After: 1\r\n");
  if (refused.retry_after.count() > 0) reply.header("Retry-After", std::to_string(refused.retry_after.count()));
  reply.body(error.body);
}

void write_failure(Mobile& mobile, http::Failure failure, const http::Request&, http::Reply& reply) {
  begin(reply, failure == http::Failure::outage ? 503 : 500, Caching::no_store, mobile.clock.now());
  if (failure == http::Failure::outage) reply.headers("Retry-After: 1\r\n");
}

}  // namespace propusk::mobile
