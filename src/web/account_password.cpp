// Another password, or the first one of an account that a provider has let in so far.
#include "base/digest.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
void send_password_form(const Web& web, const Visit& visit, const Owner& owner, std::vector<Mistake> mistakes) {
  FormPage form{.title = Text::password_title,
                .button = Text::password_button,
                .sentences = {visit.say(Text::password_lead)},
                .username = owner.account.username,
                .mistakes = std::move(mistakes),
                .form_token = owner.form_token,
                .is_of_account = true};
  ask_current_password(form, owner);
  form.inputs.push_back({.name = new_password_field,
                         .label = Text::new_password,
                         .type = "password",
                         .token = "new-password",
                         .hint = counted(hint, visit.language, web.profile.policy.min_length)});
  if (owner.account.has_password) form.ways.push_back({"/auth/reset/", Text::forgot});
  send_form(visit, form);
}

core::EditAttempt attempt_of(const OwnedForm& posted, std::string_view fresh_key, Language language) {
  core::EditAttempt attempt;
  attempt.bearer = posted.owner.account.bearer;
  attempt.password = secret_field(posted.form, current_password_field);
  attempt.edit.new_password = secret_field(posted.form, new_password_field);
  attempt.fresh = {.kind = core::CredentialKind::browser_session, .digest = sha256(fresh_key)};
  attempt.language = language;
  return attempt;
}
}  // namespace

Task<void> get_password(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (owner && !sends_stale(web, visit, *owner)) send_password_form(web, visit, *owner, {});
}

http::Next get_change_password(Web& web, const http::Request& request, http::Reply& reply) {
  send_elsewhere(begin_visit(web, request, reply), 302, password_path);
  return http::Next::send;
}

Task<void> post_password(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const std::string key = browser::new_session_key(web.random);
  const core::Result<core::Edited> edited =
      co_await core::edit_profile(attempt_of(*posted, key, visit.language), request.caller, web.profile);
  if (edited) {
    send_elsewhere(visit, 303, "/accounts/?done=password");
    co_return keep_session(web, visit, key);
  }
  std::vector<Mistake> mistakes = mistakes_of(edited.error());
  if (mistakes.empty()) co_return refuse_owner(web, visit, edited.error());
  send_password_form(web, visit, posted->owner, std::move(mistakes));
}

}  // namespace propusk::web
