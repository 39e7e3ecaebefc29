// POST /auth/edit: changes username, password or e-mail after the current password: all of them or none.
#include "base/digest.hpp"
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {
namespace {
/// Nothing if the current password or whatever to change is missing.
std::optional<core::EditAttempt> read_edit(const http::Form& form) {
  std::optional<std::string> password = field(form, "password"), new_password = field(form, "new_password");
  core::ProfileEdit edit{.username = field(form, "username"),
                         .username_shape = core::UsernameShape::handle,
                         .new_password = {},
                         .email = field(form, "email"),
                         .email_shape = core::EmailShape::short_tld};
  if (new_password) edit.new_password = Secret<>(std::move(*new_password));
  if (!password || (!edit.username && !edit.new_password && !edit.email)) return std::nullopt;
  core::EditAttempt attempt;
  attempt.password = Secret<>(std::move(*password));
  attempt.edit = std::move(edit);
  return attempt;
}

/// A boolean per key that was sent: an edit is done as a whole, so they are all the same. The historic list tells none.
std::string result_of(const Envelope& envelope, const http::Request& request, const http::Form& form, bool is_done) {
  if (envelope.settings.shape == Shape::list) return std::string(nothing_told(envelope.settings, request));
  std::string result = "{";
  for (std::string_view key : {"username", "new_password", "email"}) {
    if (!form.has(key)) continue;
    if (result.size() > 1) result += ", ";
    result.append("\"").append(key).append(is_done ? "\": true" : "\": false");
  }
  return result + "}";
}
}  // namespace

Task<void> post_edit(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  if (refuses_sender(envelope, request, reply)) co_return;
  vary_by_cookie(reply);
  const http::Form form = read_fields(request);
  const std::string refused = result_of(envelope, request, form, false);
  const core::Result<core::SessionOwner> owner = co_await session_owner(envelope, request);
  if (!owner) co_return write_no_session(envelope, owner.error(), request, refused, reply);
  std::optional<core::EditAttempt> attempt = read_edit(form);
  if (!attempt) co_return write_not_found(reply);

  const std::string fresh_key = new_session_key(envelope.random);
  attempt->bearer = {owner->account, sha256(sent_session_key(request).value_or("")),
                     core::CredentialKind::browser_session};
  attempt->fresh = {.kind = core::CredentialKind::browser_session, .digest = sha256(fresh_key)};
  attempt->language = language_of(request).value_or(Language::en);
  const core::Result<core::Edited> edited =
      co_await core::edit_profile(std::move(*attempt), request.caller, envelope.profile);
  if (!edited) co_return write_refusal(edited.error(), refused, reply);
  write_envelope(success, result_of(envelope, request, form, true), reply);
  if (edited->opened_fresh) set_session_cookies(envelope, request, fresh_key, reply);
}

}  // namespace propusk::envelope
