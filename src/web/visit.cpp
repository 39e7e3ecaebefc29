// Reads what a request says of its language and of its sender.
#include "web/visit.hpp"

#include <algorithm>

#include "http/accept.hpp"
#include "web/page.hpp"

namespace propusk::web {
namespace {
std::optional<Language> chosen_language(const http::Request& request) {
  if (request.query.empty()) return std::nullopt;
  const auto query = http::parse_urlencoded(request.query);
  return query ? language(query->field("lang").value_or("")) : std::nullopt;
}

Language liked_language(const http::Request& request) {
  if (const auto remembered = language(request.cookie(language_cookie).value_or(""))) return *remembered;
  return http::preferred_language(request.header("Accept-Language").value_or("")).value_or(Language::en);
}
}  // namespace

std::string_view Visit::part(std::string_view name) const {
  const auto found = std::ranges::find(request.path_parameters, name, [](const auto& pair) { return pair.first; });
  return found == request.path_parameters.end() ? std::string_view() : found->second;
}

Visit begin_visit(const Look& look, const http::Request& request, http::Reply& reply) {
  const std::optional<Language> chosen = chosen_language(request);
  return {look, request, reply, chosen ? *chosen : liked_language(request), chosen.has_value()};
}

bool is_foreign_form(const http::CrossSiteGate& gate, const http::Request& request) {
  const bool is_old_browser = !request.header("Sec-Fetch-Site") && request.header("Origin") == "null";
  return !is_old_browser && http::is_cross_site(gate, request);
}

std::optional<http::Form> admit_form(const Visit& visit) {
  if (!is_foreign_form(visit.look.gate, visit.request)) return read_fields(visit);
  send_foreign_form(visit);
  return std::nullopt;
}

void send_foreign_form(const Visit& visit) {
  send_notice(visit, {.status = 403,
                      .title = Text::foreign_title,
                      .sentences = {visit.say(Text::foreign_lead)},
                      .way = Way{visit.request.path, Text::open_page}});
}

std::optional<http::Form> read_fields(const Visit& visit) {
  auto form = http::read_form(visit.request);
  if (form) return std::move(*form);
  send_notice(visit, {.status = 400,
                      .title = Text::unreadable_title,
                      .sentences = {},
                      .way = Way{visit.request.path, Text::try_again}});
  return std::nullopt;
}

}  // namespace propusk::web
