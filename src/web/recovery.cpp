// Recovery on pages: ask for a letter, follow its link, set a new password. Looking at a link never uses it.
#include "core/recovery/recovery.hpp"

#include "http/ascii.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
void send_password_form(const Visit& visit, const core::RecoveryLink& link, std::size_t min_length,
                        const std::vector<Text>& mistakes) {
  Page page(visit, "password", Text::password_title);
  page.scripted().set("USERNAME", link.username);
  page.set("HINT", counted(hint, visit.language, min_length));
  for (Text mistake : mistakes) page.mistake("new_password", mistake);
  send_page(visit, mistakes.empty() ? 200 : 400, page);
}

/// The form of a living link, else the page that says why there is none.
Task<void> show_password_form(const Web& web, const Visit& visit, std::vector<Text> mistakes) {
  const core::Result<core::RecoveryLink> link = co_await core::look_at_recovery_link(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), visit.request.caller, web.recovery);
  if (!link) co_return send_refusal(visit, link.error());
  send_password_form(visit, *link, web.recovery.policy.min_length, mistakes);
}

std::vector<Text> mistakes_of(const core::Refused& refused) {
  std::vector<Text> mistakes;
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<core::Refusal>(i);
    if (refused.all.has(refusal) && to_page(refusal).is_of_field()) mistakes.push_back(to_page(refusal).title);
  }
  return mistakes;
}

/// Our own field, or the two of the historic page; nothing if those differ.
std::optional<Secret<>> typed_password(const http::Form& form) {
  const auto first = form.field("new_password1"), second = form.field("new_password2");
  if (first && second && *first != *second) return std::nullopt;
  const auto ours = form.field("new_password");
  return Secret<>(std::string(ours ? *ours : first.value_or("")));
}
}  // namespace

http::Next get_reset(Web& web, const http::Request& request, http::Reply& reply) {
  send_ask(begin_visit(web, request, reply), {Text::ask_title, Text::ask_lead});
  return http::Next::send;
}

Task<void> post_reset(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const std::optional<http::Form> form = admit_form(visit);
  if (!form) co_return;
  const std::string email(http::trimmed(form->field("email").value_or("")));
  const core::Result<void> asked =
      co_await core::begin_recovery(email, core::EmailShape::any, visit.language, request.caller, web.recovery);
  if (asked) co_return send_elsewhere(visit, 303, "/auth/reset/sent/");
  if (asked.error().why == core::Refusal::email_malformed)
    co_return send_ask(visit, {Text::ask_title, Text::ask_lead, email, true});
  send_refusal(visit, asked.error());
}

http::Next get_reset_sent(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit,
              {.title = Text::sent_title,
               .sentences = {visit.say(Text::sent_lead), visit.say(Text::sent_detail), visit.say(Text::sent_nothing)},
               .way = Way{"/auth/reset/", Text::ask_again, true}});
  return http::Next::send;
}

Task<void> get_restore(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  co_await show_password_form(web, visit, {});
}

Task<void> post_restore(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const std::optional<http::Form> form = admit_form(visit);
  if (!form) co_return;
  std::optional<Secret<>> password = typed_password(*form);
  if (!password) co_return co_await show_password_form(web, visit, {Text::passwords_differ});
  const core::Result<void> completed =
      co_await core::complete_recovery(std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))),
                                       std::move(*password), request.caller, web.recovery);
  if (completed) co_return send_elsewhere(visit, 303, "/auth/restore/done/");
  std::vector<Text> mistakes = mistakes_of(completed.error());
  if (mistakes.empty()) co_return send_refusal(visit, completed.error());
  co_await show_password_form(web, visit, std::move(mistakes));
}

http::Next get_restore_done(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  send_notice(visit, {.title = Text::changed_title,
                      .sentences = {visit.say(Text::changed_lead), visit.say(Text::changed_next)},
                      .way = {}});
  return http::Next::send;
}

}  // namespace propusk::web
