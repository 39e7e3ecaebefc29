// /mobile/login/: GET hands out a CSRF token, POST opens a session.
#include "base/digest.hpp"
#include "dialects/mobile/handlers.hpp"

namespace propusk::mobile {

http::Next get_login(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  begin(reply, 200, Caching::never_cache, mobile.clock.now());
  vary_by_cookie(reply);
  const std::string_view sent = request.cookie("csrftoken").value_or("");
  const std::string token = is_csrf_token(sent) ? std::string(sent) : new_csrf_token(mobile.random);
  set_cookie(mobile, request, reply, csrf_cookie(token));
  return http::Next::send;
}

Task<void> post_login(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const std::optional<http::Form> form = admit_form(mobile, request, reply);
  if (!form) co_return;

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
  if (!signed_in) co_return write_refusal(mobile, signed_in.error(), reply, failed_login);

  begin(reply, 200, Caching::never_cache, mobile.clock.now());
  vary_by_cookie(reply);
  const std::string token = new_csrf_token(mobile.random);
  set_cookie(mobile, request, reply, csrf_cookie(token));
  set_cookie(mobile, request, reply, session_cookie(signed_in->kept_presented ? sent_key : fresh_key));
}

}  // namespace propusk::mobile
