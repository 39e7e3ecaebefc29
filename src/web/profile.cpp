// A new address is confirmed on a page: looking at its link changes nothing, the button does.
#include "core/profile/profile.hpp"

#include "web/handlers.hpp"

namespace propusk::web {

Task<void> get_email_change(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const core::Result<core::EmailChangeLink> link = co_await core::look_at_email_change_link(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), request.caller, web.profile);
  if (!link) co_return send_refusal(visit, link.error(), DeadEnd::email_change);
  Page page(visit, "address", Text::confirm_title);
  page.set("USERNAME", link->username).set("EMAIL", link->email);
  send_page(visit, 200, page);
}

Task<void> post_email_change(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  if (!admit_form(visit)) co_return;
  const core::Result<void> confirmed = co_await core::confirm_email_change(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), request.caller, web.profile);
  if (!confirmed) co_return send_refusal(visit, confirmed.error(), DeadEnd::email_change);
  send_elsewhere(visit, 303, "/auth/email/done/");
}

http::Next get_email_change_done(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::confirmed_title,
                      .sentences = {visit.say(Text::confirmed_lead), visit.say(Text::close_page)},
                      .way = {}});
  return http::Next::send;
}

}  // namespace propusk::web
