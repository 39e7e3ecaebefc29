// Signing out on our own page, by a form: a link would let any page sign people out.
#include "web/account_handlers.hpp"
#include "web/form_page.hpp"
#include "web/handlers.hpp"
#include "web/session.hpp"

namespace propusk::web {

Task<void> get_sign_out(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const core::Result<std::optional<Owner>> owner = co_await find_owner(web, visit);
  if (!owner) co_return send_refusal(visit, owner.error());
  if (!*owner) co_return send_elsewhere(visit, 302, "/accounts/login/");
  send_form(visit, {.title = Text::sign_out_title,
                    .button = Text::sign_out,
                    .sentences = {visit.say(Text::sign_out_lead)},
                    .form_token = (*owner)->form_token,
                    .is_of_account = true});
}

Task<void> post_sign_out(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::Result<void> ended =
      co_await core::end_session(posted->owner.account.bearer.credential, core::CredentialKind::browser_session,
                                 request.caller, web.profile.sign_in.sessions);
  if (!ended) co_return send_refusal(visit, ended.error());
  send_elsewhere(visit, 303, "/accounts/login/?done=out");
  drop_session(web, visit);
}

}  // namespace propusk::web
