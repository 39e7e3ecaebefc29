// The cookie says who is there, and Sec-Fetch-Site or Origin with a token in the form that the form is ours
// (SECURITY.md: CSRF).
#include "web/session.hpp"

#include <utility>

#include "base/constant_time.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "http/cross_site.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"

namespace propusk::web {
namespace {
/// To sign in and back to this page; not to the one for signing out, on which nobody wants to be then.
void lead_to_sign_in(const Web& web, const Visit& visit, bool drops) {
  const int status = visit.request.method == http::Method::post ? 303 : 302;
  const bool comes_back = !visit.request.path.starts_with("/accounts/logout");
  send_elsewhere(visit, status, comes_back ? sign_in_path(visit.request.path) : "/accounts/login/");
  if (drops) drop_session(web, visit);
}

void send_old_form(const Visit& visit) {
  send_notice(visit, {.status = 403,
                      .title = Text::old_form_title,
                      .sentences = {visit.say(Text::old_form_lead)},
                      .way = Way{visit.request.path, Text::open_page}});
}
}  // namespace

std::string form_token(std::string_view key) {
  std::string text = "propusk form ";
  const Digest digest = sha256(text.append(key));
  return to_base64url(std::span(digest.bytes).first(16));  // 128 bits
}

Visit begin_account_visit(const Web& web, const http::Request& request, http::Reply& reply) {
  Visit visit = begin_visit(web, request, reply);
  visit.is_of_account = true;
  return visit;
}

Task<core::Result<std::optional<Owner>>> find_owner(const Web& web, const Visit& visit) {
  const std::string_view key = browser::sent_session_key(visit.request).value_or("");
  if (!browser::is_session_key(key)) co_return std::optional<Owner>();
  core::Result<core::OwnAccount> own = co_await core::find_own_account(
      sha256(key), core::CredentialKind::browser_session, visit.request.caller, web.profile.sign_in.sessions);
  if (own) co_return Owner{std::move(*own), form_token(key)};
  const core::Refusal why = own.error().why;
  if (why != core::Refusal::account_disabled && why != core::Refusal::not_signed_in)
    co_return std::unexpected(own.error());
  if (why == core::Refusal::not_signed_in) drop_session(web, visit);
  co_return std::optional<Owner>();
}

Task<std::optional<Owner>> admit_owner(const Web& web, const Visit& visit) {
  core::Result<std::optional<Owner>> owner = co_await find_owner(web, visit);
  if (!owner) {
    send_refusal(visit, owner.error());
    co_return std::nullopt;
  }
  if (!*owner) lead_to_sign_in(web, visit, false);
  co_return std::move(*owner);
}

std::optional<http::Form> admit_own_form(const Visit& visit) {
  if (!http::is_cross_site(visit.look.gate, visit.request)) return read_fields(visit);
  send_foreign_form(visit);
  return std::nullopt;
}

Task<std::optional<OwnedForm>> admit_owned_form(const Web& web, const Visit& visit) {
  std::optional<http::Form> form = admit_own_form(visit);
  if (!form) co_return std::nullopt;
  std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return std::nullopt;
  if (!equal_in_constant_time(form->field("form_token").value_or(""), owner->form_token)) {
    send_old_form(visit);
    co_return std::nullopt;
  }
  co_return OwnedForm{std::move(*owner), std::move(*form)};
}

void refuse_owner(const Web& web, const Visit& visit, const core::Refused& refused) {
  if (refused.why == core::Refusal::account_disabled || refused.why == core::Refusal::not_signed_in)
    return lead_to_sign_in(web, visit, true);
  if (refused.why != core::Refusal::not_fresh) return send_refusal(visit, refused);
  // `again` shows the form to somebody who is signed in already.
  const std::string again = sign_in_path(visit.request.path) + "&again=yes";
  send_notice(visit, {.status = 403,
                      .title = Text::stale_title,
                      .sentences = {visit.say(Text::stale_lead)},
                      .way = Way{again, Text::sign_in}});
}

void keep_session(const Web& web, const Visit& visit, std::string_view key) {
  browser::set_cookie({web.cookie_domain, web.gate.public_origin}, visit.request, browser::session_cookie(key),
                      web.clock.now(), visit.reply);
}

void drop_session(const Web& web, const Visit& visit) {
  browser::set_cookie({web.cookie_domain, web.gate.public_origin}, visit.request, browser::removed_session_cookie,
                      web.clock.now(), visit.reply);
}

}  // namespace propusk::web
