// Signing in on our own page: by name and password, or by one of the providers above the form.
#include "base/digest.hpp"
#include "http/ascii.hpp"
#include "web/account_handlers.hpp"
#include "web/form_page.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"
#include "web/onward.hpp"
#include "web/session.hpp"

namespace propusk::web {
namespace {
/// Whether somebody who is signed in wants to sign in once more: what follows needs a fresh sign-in.
bool asks_again(const http::Request& request) {
  const auto query = http::parse_urlencoded(request.query);
  return query && query->has("again");
}

/// The path, with the `next` of this page.
std::string leading_on(const http::Request& request, std::string_view path) {
  const std::optional<std::string> next = next_path(request);
  return next ? std::string(path) + "?next=" + query_value(*next) : std::string(path);
}

void send_sign_in(const Web& web, const Visit& visit, const std::string& typed, std::vector<Mistake> mistakes) {
  const std::string sign_up = leading_on(visit.request, "/accounts/signup/");
  FormPage form{
      .title = Text::sign_in_title,
      .button = Text::sign_in,
      .inputs = {{.name = "username",
                  .label = Text::sign_in_name,
                  .type = "text",
                  .token = "username webauthn",
                  .value = typed},
                 {.name = "password", .label = Text::password, .type = "password", .token = "current-password"}},
      .mistakes = std::move(mistakes),
      .ways = {{"/auth/reset/", Text::forgot}, {sign_up, Text::sign_up_button}},
      .providers = web.providers,
      .done = done_text(visit.request)};
  if (web.sign_up.needs_activation && !web.paths.activation.empty())
    form.ways.push_back({"/auth/activation/", Text::no_activation_letter});
  send_form(visit, form);
}

/// To `next`, else to the account. From a form an app's page is led on to by a page: the app may be given its answer at
/// once, and the policy of this form lets nobody be led to another site.
void lead_on(const Web& web, const Visit& visit, int status) {
  const std::string next = next_path(visit.request).value_or(std::string("/accounts/"));
  if (status == 303 && next.starts_with(web.api_prefix + "/authorize")) return send_onward(visit, next);
  begin_answer(visit, status);
  visit.reply.header("Location", next);
}
}  // namespace

Task<void> get_sign_in(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const core::Result<std::optional<Owner>> owner = co_await find_owner(web, visit);
  if (!owner) co_return send_refusal(visit, owner.error());
  if (*owner && !asks_again(request)) co_return lead_on(web, visit, 302);
  send_sign_in(web, visit, "", {});
}

Task<void> post_sign_in(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<http::Form> form = admit_own_form(visit);
  if (!form) co_return;
  const std::string name(http::trimmed(form->field("username").value_or("")));
  const std::string key = browser::new_session_key(web.random);
  const std::string_view sent = browser::sent_session_key(request).value_or("");
  core::PasswordAttempt attempt{.identifier = name,
                                .rule = core::IdentifierRule::any,
                                .password = secret_field(*form, "password"),
                                .draft = {.kind = core::CredentialKind::browser_session, .digest = sha256(key)},
                                .presented = {},
                                .replaces_presented = true};
  if (browser::is_session_key(sent)) attempt.presented = sha256(sent);
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_password(std::move(attempt), request.caller, web.profile.sign_in);
  if (signed_in) {
    lead_on(web, visit, 303);
    co_return keep_session(web, visit, key);
  }
  if (signed_in.error().why != core::Refusal::bad_credentials)
    co_return send_refusal(visit, signed_in.error(), DeadEnd::sign_in);
  send_sign_in(web, visit, name, {{"username", Text::sign_in_wrong}});
}

http::Next get_login(Web& web, const http::Request& request, http::Reply& reply) {
  send_elsewhere(begin_account_visit(web, request, reply), 302, leading_on(request, "/accounts/login/"));
  return http::Next::send;
}

http::Next get_signup(Web& web, const http::Request& request, http::Reply& reply) {
  send_elsewhere(begin_account_visit(web, request, reply), 302, leading_on(request, "/accounts/signup/"));
  return http::Next::send;
}

}  // namespace propusk::web
