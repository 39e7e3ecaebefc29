// The development inbox at /-/dev/mail: what was sent, with links to click, in English.
#include <algorithm>

#include "base/client_address.hpp"
#include "http/ascii.hpp"
#include "http/http_date.hpp"
#include "web/handlers.hpp"
#include "web/loopback_host.hpp"

namespace propusk::web {
namespace {
using ctemplate::TemplateDictionary;

Visit begin_inbox_visit(const Web& web, const http::Request& request, http::Reply& reply) {
  return {look_of(web), request, reply, Language::en, false};
}

/// Writes 403 and says false when the page is asked for under a name of the outside: a foreign site whose name points
/// here (DNS rebinding) must not read mail.
bool admit_here(const Visit& visit) {
  if (is_loopback_host(visit.request.host()) && visit.request.caller.address.is_loopback()) return true;
  begin_answer(visit, 403);
  visit.reply.headers("Content-Type: text/plain; charset=utf-8\r\n").body("Open this page as localhost.\n");
  return false;
}

std::optional<Captured> find_letter(const Web& web, const Visit& visit) {
  std::vector<Captured> letters = web.captured_mail();
  const auto found = std::ranges::find(letters, visit.part("id"), &Captured::id);
  if (found != letters.end()) return std::move(*found);
  begin_answer(visit, 404);
  visit.reply.headers("Content-Type: text/plain; charset=utf-8\r\n").body("No such letter; only the last are kept.\n");
  return std::nullopt;
}

void describe(TemplateDictionary& values, const Captured& letter) {
  values.SetValue("ID", letter.id);
  values.SetValue("SUBJECT", letter.subject);
  values.SetValue("RECIPIENT", letter.recipient);
  values.SetValue("KIND", letter.kind);
  values.SetValue("AT", http::http_date(letter.at));
}

/// Where the next http(s) address begins; npos: nowhere.
std::size_t find_address(std::string_view text) { return std::min(text.find("http://"), text.find("https://")); }

void add_parts(TemplateDictionary& values, std::string_view text) {
  while (!text.empty()) {
    const std::size_t start = find_address(text);
    TemplateDictionary* part = values.AddSectionDictionary("PART");
    part->SetValue("PLAIN", as_template(text.substr(0, start)));
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const std::string_view address = text.substr(0, text.find_first_of(" \t\r\n<>\""));
    part->SetValueAndShowSection("URL", as_template(address), "LINK");
    text.remove_prefix(address.size());
  }
}
}  // namespace

http::Next get_inbox(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_inbox_visit(web, request, reply);
  if (!admit_here(visit)) return http::Next::send;
  Page page(visit, "inbox", "Mail", false);
  const std::vector<Captured> letters = web.captured_mail();
  if (letters.empty()) page.content().ShowSection("NONE");
  for (const Captured& letter : letters) describe(*page.content().AddSectionDictionary("LETTER"), letter);
  send_page(visit, 200, page);
  return http::Next::send;
}

http::Next get_letter(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_inbox_visit(web, request, reply);
  if (!admit_here(visit)) return http::Next::send;
  const std::optional<Captured> letter = find_letter(web, visit);
  if (!letter) return http::Next::send;
  Page page(visit, "letter", letter->subject, false);
  describe(page.content(), *letter);
  add_parts(page.content(), letter->text);
  send_page(visit, 200, page);
  return http::Next::send;
}

http::Next get_letter_html(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_inbox_visit(web, request, reply);
  if (!admit_here(visit)) return http::Next::send;
  const std::optional<Captured> letter = find_letter(web, visit);
  if (!letter) return http::Next::send;
  reply.status = 200;
  // Shown as mail programs do: no script, no image from elsewhere, and links that open pages free of this sandbox.
  reply.headers(
      "Cache-Control: no-store\r\n"
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
      "base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
      "allow-top-navigation-by-user-activation\r\n"
      "Content-Type: text/html; charset=utf-8\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "X-Frame-Options: DENY\r\n");
  reply.body(letter->html);
  return http::Next::send;
}

}  // namespace propusk::web
