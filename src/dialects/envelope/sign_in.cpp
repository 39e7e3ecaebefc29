// POST /auth/login: by username and password, or by the cookie of a live session.
#include "base/digest.hpp"
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {
namespace {
std::string result_with(const std::string& email) { return R"({"email": )" + json_string(email) + "}"; }

/// Says whose session it is; sets no new cookie.
Task<void> sign_in_by_cookie(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  vary_by_cookie(reply);
  const core::Result<core::SessionOwner> owner = co_await session_owner(envelope, request);
  if (!owner)
    co_return write_no_session(envelope, owner.error(), request, nothing_told(envelope.settings, request), reply);
  write_envelope(success, result_with(owner->email), reply);
}
}  // namespace

Task<void> post_login(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  if (refuses_sender(envelope, request, reply)) co_return;
  const http::Form form = read_fields(request);
  if (form.field("cookies") == "true") {
    co_await sign_in_by_cookie(envelope, request, reply);
    co_return;
  }
  std::optional<std::string> username = field(form, "username"), password = field(form, "password");
  if (!username || !password) co_return write_not_found(reply);

  const std::string fresh_key = new_session_key(envelope.random);
  const std::string_view sent_key = sent_session_key(request).value_or("");
  core::PasswordAttempt attempt{.identifier = std::move(*username),
                                .rule = core::IdentifierRule::any,
                                .password = Secret<>(std::move(*password)),
                                .draft = {.kind = core::CredentialKind::browser_session, .digest = sha256(fresh_key)},
                                .presented = {}};
  if (is_session_key(sent_key)) attempt.presented = sha256(sent_key);
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_password(std::move(attempt), request.caller, envelope.sign_in);
  if (!signed_in) co_return write_refusal(signed_in.error(), nothing_told(envelope.settings, request), reply);
  vary_by_cookie(reply);
  write_envelope(success, result_with(signed_in->email), reply);
  set_session_cookies(envelope, request, signed_in->kept_presented ? sent_key : fresh_key, reply);
}

}  // namespace propusk::envelope
