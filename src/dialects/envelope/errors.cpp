// What each refusal and failure looks like in the envelope dialect: one switch, exhaustive by -Wswitch-enum.
#include <array>
#include <string>

#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {
namespace {
using core::Refusal;

/// The contract's order of checks; what is not listed comes alone.
constexpr std::array order_of_checks{Refusal::username_malformed, Refusal::username_taken, Refusal::email_malformed,
                                     Refusal::email_taken};

Refusal first_of(const core::Refused& refused) {
  for (Refusal refusal : order_of_checks)
    if (refused.all.has(refusal)) return refusal;
  return refused.why;
}
}  // namespace

WireError to_wire(Refusal refusal) {
  switch (refusal) {
    case Refusal::username_malformed: return {200, 11};  // username_not_valid
    case Refusal::username_taken: return {200, 12};      // username_already_exist
    case Refusal::email_malformed: return {200, 31};     // email_not_valid
    case Refusal::email_taken: return {200, 32};         // email_already_exist
    case Refusal::password_malformed:
    case Refusal::password_too_short:
    case Refusal::password_too_long:
    case Refusal::password_common:
    case Refusal::password_numeric: return {200, 51};  // invalid_data, CONTRACTS.md §2, recommendation 9
    case Refusal::bad_credentials:
    case Refusal::account_unknown:
    case Refusal::mail_unknown:
    case Refusal::not_signed_in:
    case Refusal::not_fresh:
    case Refusal::limited: return {200, 41};           // auth_error
    case Refusal::account_disabled: return {200, 42};  // user_not_active
    case Refusal::uid_unknown:                         // links are followed on the hosted pages, so they cannot
    case Refusal::link_unknown:                        // happen here
    case Refusal::link_used:
    case Refusal::link_expired:
    case Refusal::provider_unknown:  // nor has this dialect a route for providers and clients
    case Refusal::provider_refused:
    case Refusal::provider_revoked:
    case Refusal::provider_failed:
    case Refusal::identity_taken:
    case Refusal::identity_unknown:
    case Refusal::last_way_in:
    case Refusal::client_unknown:
    case Refusal::client_refused:
    case Refusal::client_malformed:
    case Refusal::client_taken:
    case Refusal::grant_not_allowed:
    case Refusal::grant_refused:
    case Refusal::scope_refused:
    case Refusal::creation_failed: return {200, 50};  // task_error
    case Refusal::overloaded: return {503, 50};
  }
  return {500, 50};
}

void write_refusal(const core::Refused& refused, std::string_view result, http::Reply& reply) {
  write_envelope(to_wire(first_of(refused)), result, reply);
  if (refused.retry_after.count() > 0) reply.header("Retry-After", std::to_string(refused.retry_after.count()));
}

void write_failure(Envelope& envelope, http::Failure failure, const http::Request& request, http::Reply& reply) {
  const bool is_outage = failure == http::Failure::outage;
  write_envelope({is_outage ? 503 : 500, 50}, nothing_told(envelope.settings, request), reply);
  if (is_outage) reply.headers("Retry-After: 1\r\n");
}

}  // namespace propusk::envelope
