// /mobile/logout: ends the session that the cookie names, and answers 200 to everybody.
#include "base/digest.hpp"
#include "dialects/mobile/handlers.hpp"

namespace propusk::mobile {
namespace {
void write_signed_out(const Mobile& mobile, const http::Request& request, bool removes_cookie, http::Reply& reply) {
  begin(reply, 200, Caching::no_store, mobile.clock.now());
  vary_by_cookie(reply);
  if (removes_cookie) set_cookie(mobile, request, reply, removed_session_cookie);
  reply.body("200");
}

Task<core::Result<void>> end_presented(Mobile& mobile, const http::Request& request) {
  const std::string_view key = sent_session_key(request).value_or("");
  if (!is_session_key(key)) co_return core::Result<void>{};
  co_return co_await core::end_session(sha256(key), core::CredentialKind::browser_session, request.caller,
                                       mobile.sign_in.sessions);
}

Task<void> sign_out(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const core::Result<void> ended = co_await end_presented(mobile, request);
  if (!ended) co_return write_refusal(mobile, ended.error(), reply, logout);
  write_signed_out(mobile, request, sent_session_key(request).has_value(), reply);
}
}  // namespace

Task<void> get_logout(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  // An image tag or a prefetch on another site signs nobody out, and is told nothing (CONTRACTS.md §5 "GET logout").
  if (http::is_cross_site(mobile.gate, request) || http::is_prefetch(request))
    co_return write_signed_out(mobile, request, false, reply);
  co_await sign_out(mobile, request, reply);
}

Task<void> post_logout(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  if (admit_form(mobile, request, reply)) co_await sign_out(mobile, request, reply);
}

}  // namespace propusk::mobile
