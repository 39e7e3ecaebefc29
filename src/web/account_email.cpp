// Another address: it becomes the account's own by the link that is mailed there.
#include "core/accounts/new_account.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/typed_name.hpp"

namespace propusk::web {
namespace {
void send_email_form(const Visit& visit, const Owner& owner, const std::string& typed, std::vector<Mistake> mistakes) {
  const core::OwnAccount& account = owner.account;
  FormPage form{
      .title = Text::email,
      .button = Text::ask_button,
      .username = account.username,
      .inputs =
          {{.name = new_email_field, .label = Text::new_email, .type = "email", .token = "email", .value = typed}},
      .mistakes = std::move(mistakes),
      .form_token = owner.form_token,
      .done = done_text(visit.request),
      .is_of_account = true};
  if (!account.email.empty())
    form.sentences.push_back(filled(account.email_verified ? Text::email_confirmed : Text::email_unconfirmed,
                                    visit.language, account.email));
  if (!account.pending_email.empty())
    form.sentences.push_back(filled(Text::email_awaited, visit.language, account.pending_email));
  form.sentences.push_back(visit.say(Text::email_change_lead));
  if (!account.email.empty()) form.sentences.push_back(visit.say(Text::email_change_old));
  ask_current_password(form, owner);
  send_form(visit, form);
}
}  // namespace

Task<void> get_email(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (owner && !sends_stale(web, visit, *owner)) send_email_form(visit, *owner, "", {});
}

Task<void> post_email(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::OwnAccount& account = posted->owner.account;
  const std::string email = normal_name(posted->form.field(new_email_field).value_or(""), true);
  const core::Result<void> asked =
      co_await core::ask_for_email({.bearer = account.bearer,
                                    .current = secret_field(posted->form, current_password_field),
                                    .email = email,
                                    .language = visit.language},
                                   request.caller, web.profile);
  if (asked) co_return send_elsewhere(visit, 303, "/accounts/email/?done=email");
  std::vector<Mistake> mistakes = mistakes_of(asked.error());
  if (asked.error().why == core::Refusal::email_taken && core::email_key(email) == core::email_key(account.email))
    mistakes = {{new_email_field, Text::same_already}};
  if (mistakes.empty()) co_return refuse_owner(web, visit, asked.error());
  send_email_form(visit, posted->owner, email, std::move(mistakes));
}

}  // namespace propusk::web
