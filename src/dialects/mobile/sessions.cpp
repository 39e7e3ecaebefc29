// GET /mobile/start/: is this cookie signed in? From memory; the store is asked only for what memory does not know.
#include "base/digest.hpp"
#include "dialects/mobile/handlers.hpp"

namespace propusk::mobile {
namespace {
void write_live(const Mobile& mobile, http::Reply& reply) {
  begin(reply, 200, Caching::no_store, mobile.clock.now());
  vary_by_cookie(reply);
  reply.body("Yes");
}

void write_not_signed_in(const Mobile& mobile, const http::Request& request, bool removes_cookie, http::Reply& reply) {
  begin(reply, 405, Caching::no_store, mobile.clock.now());
  vary_by_cookie(reply);
  reply.header("Allow", start.allow);
  if (removes_cookie) set_cookie(mobile, request, reply, removed_session_cookie);
}

/// As recorded: a dead cookie is removed, that of a disabled account stays.
void write_standing(const Mobile& mobile, const http::Request& request, core::Standing standing, http::Reply& reply) {
  if (standing == core::Standing::live) return write_live(mobile, reply);
  write_not_signed_in(mobile, request, standing == core::Standing::ended, reply);
}
}  // namespace

http::Next get_start(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const std::optional<std::string_view> key = sent_session_key(request);
  if (!key || !is_session_key(*key)) {
    write_not_signed_in(mobile, request, key.has_value(), reply);
    return http::Next::send;
  }
  const core::Standing standing =
      core::check_session(sha256(*key), core::CredentialKind::browser_session, mobile.sign_in.sessions).standing;
  if (standing == core::Standing::unknown) return http::Next::wait;
  write_standing(mobile, request, standing, reply);
  return http::Next::send;
}

Task<void> get_start_from_store(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const Digest digest = sha256(sent_session_key(request).value_or(""));
  const core::Result<core::Checked> checked = co_await core::check_session_in_store(
      digest, core::CredentialKind::browser_session, request.caller, mobile.sign_in.sessions);
  if (!checked) {
    write_refusal(mobile, checked.error(), reply, start);
    co_return vary_by_cookie(reply);
  }
  write_standing(mobile, request, checked->standing, reply);
}

}  // namespace propusk::mobile
