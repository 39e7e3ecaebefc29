// Taking an account back to the address that it had: looking at the link changes nothing, the button does.
#include "core/profile/email_replacement.hpp"

#include "web/handlers.hpp"

namespace propusk::web {

Task<void> get_email_undo(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const core::Result<core::EmailUndoLink> link = co_await core::look_at_email_undo_link(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), request.caller, web.outbox);
  if (!link) co_return send_refusal(visit, link.error(), DeadEnd::email_undo);
  Page page(visit, "undo", Text::undo_title);
  page.set("USERNAME", link->username).set("EMAIL", link->email).set("OLD_EMAIL", link->old_email);
  if (link->username != link->email) page.content().ShowSection("NAMED");
  send_page(visit, 200, page);
}

Task<void> post_email_undo(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  if (!admit_form(visit)) co_return;
  const core::Result<void> undone = co_await core::undo_email_change(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), request.caller, web.outbox);
  if (!undone) co_return send_refusal(visit, undone.error(), DeadEnd::email_undo);
  send_elsewhere(visit, 303, "/auth/email/undo/done/");
}

http::Next get_email_undone(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::undone_title,
                      .sentences = {visit.say(Text::undone_lead), visit.say(Text::undone_next)},
                      .way = Way{"/auth/reset/", Text::set_password}});
  return http::Next::send;
}

}  // namespace propusk::web
