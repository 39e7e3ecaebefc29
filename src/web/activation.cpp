// Activation on pages: looking at a link changes nothing; one button activates, the other disowns. And the way to
// another link.
#include "core/activation/activation.hpp"

#include "http/ascii.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
Task<core::Result<void>> act_on_link(const Web& web, const Visit& visit, bool disowns) {
  std::string uid(visit.part("uid"));
  Secret<> secret{std::string(visit.part("token"))};
  if (disowns)
    co_return co_await core::disown_account(std::move(uid), std::move(secret), visit.request.caller, web.activation);
  co_return co_await core::activate_account(std::move(uid), std::move(secret), visit.request.caller, web.activation);
}
}  // namespace

Task<void> get_activation(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const core::Result<core::ActivationLink> link = co_await core::look_at_activation_link(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), request.caller, web.activation);
  if (!link) co_return send_refusal(visit, link.error(), DeadEnd::activation);
  Page page(visit, "activation", Text::activate_title);
  page.set("USERNAME", link->username).set("EMAIL", link->email);
  page.set("HINT", text(link->is_new ? Text::disown_new : Text::disown_old, visit.language));
  if (link->username != link->email) page.content().ShowSection("NAMED");
  send_page(visit, 200, page);
}

Task<void> post_activation(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const std::optional<http::Form> form = admit_form(visit);
  if (!form) co_return;
  const bool disowns = form->field("action") == "disown";
  const core::Result<void> done = co_await act_on_link(web, visit, disowns);
  if (!done) co_return send_refusal(visit, done.error(), DeadEnd::activation);
  send_elsewhere(visit, 303, disowns ? "/auth/activation/disowned/" : "/auth/activation/done/");
}

http::Next get_activated(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::activated_title, .sentences = {visit.say(Text::open_app)}, .way = {}});
  return http::Next::send;
}

http::Next get_disowned(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::disowned_title,
                      .sentences = {visit.say(Text::disowned_lead), visit.say(Text::close_page)},
                      .way = {}});
  return http::Next::send;
}

http::Next get_resend(Web& web, const http::Request& request, http::Reply& reply) {
  send_ask(begin_visit(web, request, reply), {Text::resend_title, Text::resend_lead});
  return http::Next::send;
}

Task<void> post_resend(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const std::optional<http::Form> form = admit_form(visit);
  if (!form) co_return;
  const std::string email(http::trimmed(form->field("email").value_or("")));
  const core::Result<void> asked =
      co_await core::request_activation(email, visit.language, request.caller, web.activation);
  if (asked) co_return send_elsewhere(visit, 303, "/auth/activation/sent/");
  if (asked.error().why == core::Refusal::email_malformed)
    co_return send_ask(visit, {Text::resend_title, Text::resend_lead, email, true});
  send_refusal(visit, asked.error(), DeadEnd::activation);
}

http::Next get_resent(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::sent_title,
                      .sentences = {visit.say(Text::resent_lead), visit.say(Text::resent_detail),
                                    visit.say(Text::sent_nothing)},
                      .way = Way{"/auth/activation/", Text::ask_again, true}});
  return http::Next::send;
}

}  // namespace propusk::web
