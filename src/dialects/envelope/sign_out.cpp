// /auth/logout: ends the session that the cookie names, and answers ok to everybody.
#include "base/digest.hpp"
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {
namespace {
void write_signed_out(const Envelope& envelope, const http::Request& request, http::Reply& reply) {
  vary_by_cookie(reply);
  write_envelope(success, nothing_told(envelope.settings, request), reply);
}

Task<core::Result<void>> end_presented(Envelope& envelope, const http::Request& request) {
  const std::string_view key = sent_session_key(request).value_or("");
  if (!is_session_key(key)) co_return core::Result<void>{};
  co_return co_await core::end_session(sha256(key), core::CredentialKind::browser_session, request.caller,
                                       envelope.sign_in.sessions);
}

Task<void> sign_out(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  const core::Result<void> ended = co_await end_presented(envelope, request);
  if (!ended) co_return write_refusal(ended.error(), nothing_told(envelope.settings, request), reply);
  write_signed_out(envelope, request, reply);
  if (sent_session_key(request)) remove_session_cookie(envelope, request, reply);
}
}  // namespace

Task<void> get_logout(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  // An image tag or a prefetch on another site signs nobody out, and is told nothing (CONTRACTS.md §5 "GET logout").
  if (http::is_cross_site(envelope.gate, request) || http::is_prefetch(request))
    co_return write_signed_out(envelope, request, reply);
  co_await sign_out(envelope, request, reply);
}

Task<void> post_logout(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  if (!refuses_sender(envelope, request, reply)) co_await sign_out(envelope, request, reply);
}

}  // namespace propusk::envelope
