// /mobile/login/: GET hands out a CSRF token, POST opens a session.
#include "base/digest.hpp"
#include "dialects/mobile/handlers.hpp"
#include "dialects/mobile/wire.hpp"

namespace propusk::mobile {
namespace {
constexpr std::string_view allowed = "GET, POST, PUT, HEAD, OPTIONS";  // as recorded: Django's form view names PUT
}  // namespace

http::Next get_login(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  begin(reply, 200, Caching::never_cache, mobile.clock.now());
  vary_by_cookie(reply);
  const std::string_view sent = request.cookie("csrftoken").value_or("");
  set_csrf_cookie(mobile, request, reply, is_csrf_token(sent) ? std::string(sent) : new_csrf_token(mobile.random));
  return http::Next::send;
}

Task<void> post_login(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const std::optional<http::Form> form = read_fields(request);
  if (!form) co_return write_bad_request(reply, mobile.clock.now());
  if (const CsrfVerdict verdict = check_csrf(mobile.gate, request, *form); verdict != CsrfVerdict::passed)
    co_return write_csrf_failure(reply, verdict, mobile.clock.now());

  const std::string fresh_key = new_session_key(mobile.random);
  const std::string_view sent_key = sent_session_key(request).value_or("");
  core::PasswordAttempt attempt{.identifier = std::string(form->field("username").value_or("")),
                                .rule = core::IdentifierRule::exact_username,
                                .password = Secret<>(std::string(form->field("password").value_or(""))),
                                .draft = {.kind = core::CredentialKind::browser_session, .digest = sha256(fresh_key)},
                                .presented = {}};
  if (is_session_key(sent_key)) attempt.presented = sha256(sent_key);
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_password(std::move(attempt), request.caller, mobile.sign_in);
  if (!signed_in) co_return write_refusal(mobile, signed_in.error(), reply, Caching::never_cache);

  begin(reply, 200, Caching::never_cache, mobile.clock.now());
  vary_by_cookie(reply);
  set_csrf_cookie(mobile, request, reply, new_csrf_token(mobile.random));
  set_session_cookie(mobile, request, reply, signed_in->kept_presented ? sent_key : std::string_view(fresh_key));
}

http::Next options_login(Mobile& mobile, const http::Request&, http::Reply& reply) {
  return answer_options(mobile, reply, allowed, Caching::never_cache);
}

http::Next refuse_login_method(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const bool is_form_method = request.method == http::Method::put;  // Django's form view reads PUT as a failed POST
  return refuse_method(mobile, request, reply, is_form_method ? "GET, POST" : allowed, Caching::never_cache);
}

}  // namespace propusk::mobile
