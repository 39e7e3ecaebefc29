// Another name to sign in with, by a mailed link: a username, or where people sign in by address, an address.
#include "core/profile/username_reset.hpp"

#include "web/handlers.hpp"
#include "web/typed_name.hpp"

namespace propusk::web {
namespace {
/// What the form says; the field is the same.
struct Words {
  Text title, lead, label, button;
  std::string_view type, token;  ///< of the field, as HTML names them
};
constexpr Words for_username{Text::rename_title, Text::rename_lead, Text::new_username, Text::rename_button, "text",
                             "username"};
constexpr Words for_email{
    Text::replace_title, Text::replace_lead, Text::new_email, Text::replace_button, "email", "email"};

bool asks_for_email(const Web& web) { return web.reset_as_email.has_value(); }

/// The form of a living link with what was typed, else the page that says why there is none.
Task<void> show_form(const Web& web, const Visit& visit, std::string typed, std::optional<Text> mistake) {
  const core::Result<core::UsernameResetLink> link = co_await core::look_at_username_reset_link(
      std::string(visit.part("uid")), Secret<>(std::string(visit.part("token"))), visit.request.caller, web.outbox);
  if (!link) co_return send_refusal(visit, link.error(), DeadEnd::username_reset);
  const Words& words = asks_for_email(web) ? for_email : for_username;
  Page page(visit, "username", words.title);
  page.set("LEAD", text(words.lead, visit.language)).set("USERNAME", link->username);
  page.set("LABEL", text(words.label, visit.language)).set("BUTTON", text(words.button, visit.language));
  page.set("TYPE", words.type).set("TOKEN", words.token).set("NEW_NAME", typed);
  if (mistake) page.mistake("new_name", *mistake);
  send_page(visit, mistake ? 400 : 200, page);
}
}  // namespace

Task<void> get_username_reset(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  co_await show_form(web, visit, "", std::nullopt);
}

Task<void> post_username_reset(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const std::optional<http::Form> form = admit_form(visit);
  if (!form) co_return;
  const bool is_email = asks_for_email(web);
  const std::string name = normal_name(form->field("new_name").value_or(""), is_email);
  if (!is_email && !is_written_well(name)) co_return co_await show_form(web, visit, name, Text::username_malformed);
  core::UsernameReset reset{.link = {std::string(visit.part("uid")), Secret<>(std::string(visit.part("token")))},
                            .name = name,
                            .as_email = web.reset_as_email};
  const core::Result<void> done = co_await core::complete_username_reset(std::move(reset), request.caller, web.outbox);
  if (done) co_return send_elsewhere(visit, 303, "/auth/username/reset/done/");
  const std::optional<Text> mistake = name_mistake(done.error().why, name, is_email);
  if (!mistake) co_return send_refusal(visit, done.error(), DeadEnd::username_reset);
  co_await show_form(web, visit, name, mistake);
}

http::Next get_username_reset_done(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  if (web.reset_as_email && web.reset_as_email->needs_activation) {
    send_notice(visit, {.title = Text::replaced_title,
                        .sentences = {visit.say(Text::replaced_wait), visit.say(Text::sent_nothing)},
                        .way = {}});
    return http::Next::send;
  }
  const bool is_email = asks_for_email(web);
  send_notice(visit, {.title = is_email ? Text::replaced_title : Text::renamed_title,
                      .sentences = {visit.say(is_email ? Text::replaced_next : Text::renamed_next)},
                      .way = {}});
  return http::Next::send;
}

}  // namespace propusk::web
