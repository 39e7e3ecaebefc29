// The end of one's account.
#include "core/profile/changes.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
void send_deletion_form(const Visit& visit, const Owner& owner, std::vector<Mistake> mistakes) {
  FormPage form{
      .title = Text::delete_title,
      .button = Text::delete_button,
      .sentences = {visit.say(Text::delete_what), visit.say(Text::delete_apps), visit.say(Text::delete_for_ever)},
      .username = owner.account.username,
      .mistakes = std::move(mistakes),
      .form_token = owner.form_token,
      .ways = {{"/accounts/data/", Text::data_title}},
      .is_grave = true,
      .is_of_account = true};
  ask_current_password(form, owner);
  send_form(visit, form);
}
}  // namespace

Task<void> get_deletion(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (owner && !sends_stale(web, visit, *owner)) send_deletion_form(visit, *owner, {});
}

Task<void> post_deletion(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::Result<void> deleted = co_await core::delete_own_account(
      posted->owner.account.bearer, secret_field(posted->form, current_password_field), request.caller, web.profile);
  if (deleted) {
    send_elsewhere(visit, 303, "/accounts/delete/done/");
    co_return drop_session(web, visit);
  }
  std::vector<Mistake> mistakes = mistakes_of(deleted.error());
  if (mistakes.empty()) co_return refuse_owner(web, visit, deleted.error());
  send_deletion_form(visit, posted->owner, std::move(mistakes));
}

http::Next get_deleted(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  send_notice(visit, {.status = 200,
                      .title = Text::deleted_title,
                      .sentences = {visit.say(Text::deleted_lead), visit.say(Text::close_page)},
                      .way = {}});
  return http::Next::send;
}

}  // namespace propusk::web
