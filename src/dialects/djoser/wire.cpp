// Headers in the recorded order; the framework's own ones (nosniff, Referrer-Policy) are the server's.
#include "dialects/djoser/wire.hpp"

#include <algorithm>

#include "dialects/djoser/fields.hpp"

namespace propusk::djoser {
namespace {
constexpr std::size_t token_bytes = 20;  // 40 hex digits on the wire, DESIGN.md §7

std::string& append_name(std::string& out, std::string_view name) {
  return out.append(out.size() > 1 ? ",\"" : "\"").append(name).append("\":");
}
void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_json_text(append_name(out, name), text);
}

/// The account's e-mail and what else the settings let people tell: Django's REQUIRED_FIELDS.
void append_told(std::string& out, const DjoserSettings& settings, const core::ProfileCard& card) {
  for (const core::ProfileField field : settings.fields) {
    const auto index = static_cast<std::size_t>(field);
    append_text(out, core::profile_fields[index].name, card.fields[index]);
  }
}

std::string field_metadata(std::string_view name, std::string_view label) {
  std::string out("\"");
  out.append(name).append(R"(":{"type":"string","required":false,"read_only":false,"label":")");
  return out.append(label).append("\"}");
}
}  // namespace

void begin(const Visit& visit, int status) {
  const DjoserSettings& settings = visit.djoser.settings;
  http::Reply& reply = visit.reply;
  reply.status = status;
  reply.headers("Vary: Accept");
  if (settings.language == TextLanguage::negotiate) reply.headers(", Accept-Language");
  if (!settings.cors.origins.empty()) reply.headers(", Origin");
  reply.headers("\r\nAllow: ").headers(visit.view.allow);
  reply.headers(
      "\r\nX-Frame-Options: DENY\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cache-Control: no-store\r\n");
  if (settings.language == TextLanguage::negotiate) reply.header("Content-Language", language_name(visit.language));
  http::append_cors(settings.cors, visit.request, reply);
}

void send_json(const Visit& visit, int status, std::string_view body) {
  begin(visit, status);
  visit.reply.headers("Content-Type: application/json\r\n").body(body);
}

void send_nothing(const Visit& visit, int status) { begin(visit, status); }

std::string detail_of(std::string_view sentence) { return R"({"detail":)" + json_text(sentence) + "}"; }

void send_detail(const Visit& visit, int status, Sentence sentence) {
  send_json(visit, status, detail_of(visit.say(sentence)));
}

void send_unauthorized(const Visit& visit, Sentence sentence) {
  send_unauthorized_json(visit, detail_of(visit.say(sentence)));
}

void send_unauthorized_json(const Visit& visit, std::string_view body) {
  visit.reply.headers("WWW-Authenticate: Token\r\n");
  send_json(visit, 401, body);
}

void send_metadata(const Visit& visit) {
  std::string out(R"({"name":)");
  out.append(json_text(visit.view.name)).append(R"(,"description":)").append(json_text(visit.view.description));
  out.append(R"(,"renders":["application/json","text/html"],"parses":["application/json",)");
  out.append(R"("application/x-www-form-urlencoded","multipart/form-data"])");
  if (visit.view.has_sign_in_fields) {
    const bool by_email = visit.djoser.settings.profile == Profile::email;
    out.append(R"(,"actions":{"POST":{)").append(field_metadata("password", "Password")).append(",");
    out.append(by_email ? field_metadata("email", "Email") : field_metadata("username", "Username")).append("}}");
  }
  send_json(visit, 200, out.append("}"));
}

std::string card_json(const DjoserSettings& settings, const core::ProfileCard& card) {
  std::string out;
  out.reserve(64 + card.email.size() + card.username.size());  // the members' names and an id
  out.append("{");
  const std::string id = std::to_string(static_cast<std::int64_t>(card.id));
  if (settings.profile == Profile::email) {
    append_told(out, settings, card);
    append_name(out, "id").append(id);
    append_text(out, "email", card.email);
  } else {
    append_text(out, "email", card.email);
    append_told(out, settings, card);
    append_name(out, "id").append(id);
    append_text(out, "username", card.username);
  }
  return out.append("}");
}

std::string new_token(Random& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  return random.text(digits, 2 * token_bytes);
}

bool is_token(std::string_view text) {
  return text.size() == 2 * token_bytes &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace propusk::djoser
