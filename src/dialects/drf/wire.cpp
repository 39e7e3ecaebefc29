// Headers in the recorded order; the framework's own ones (nosniff, Referrer-Policy) are the server's.
#include "dialects/drf/wire.hpp"

#include <algorithm>

#include "dialects/drf/fields.hpp"

namespace propusk::drf {
namespace {
constexpr std::size_t token_digits = 40, access_token_length = 30;  // DESIGN.md §7, CONTRACTS.md §3.2
}  // namespace

void begin(const Visit& visit, int status) {
  const Site& site = visit.site;
  http::Reply& reply = visit.reply;
  reply.status = status;
  reply.headers("Vary: Accept");
  if (site.language == TextLanguage::negotiate) reply.headers(", Accept-Language");
  if (http::is_on(site.cors)) reply.headers(", Origin");
  reply.headers("\r\nAllow: ").headers(visit.label.allow);
  reply.headers(
      "\r\nX-Frame-Options: DENY\r\n"
      "Cross-Origin-Opener-Policy: same-origin\r\n"
      "Cache-Control: no-store\r\n");
  if (site.language == TextLanguage::negotiate) reply.header("Content-Language", language_name(visit.language));
  http::append_cors(site.cors, visit.request, reply);
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

void send_throttled(const Visit& visit, std::chrono::seconds wait) {
  const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count(), 0));
  send_json(visit, 429, detail_of(say_throttled(visit.language, whole)));
  add_retry_after(visit, wait);
}

void add_retry_after(const Visit& visit, std::chrono::seconds wait) {
  if (wait.count() > 0) visit.reply.header("Retry-After", std::to_string(wait.count()));
}

void send_metadata(const Visit& visit, std::string_view actions) {
  std::string out(R"({"name":)");
  out.append(json_text(visit.label.name)).append(R"(,"description":)").append(json_text(visit.label.description));
  out.append(R"(,"renders":["application/json","text/html"],"parses":["application/json",)");
  out.append(R"("application/x-www-form-urlencoded","multipart/form-data"])").append(actions);
  send_json(visit, 200, out.append("}"));
}

void send_failure(http::Failure failure, http::Reply& reply) {
  const bool is_outage = failure == http::Failure::outage;
  reply.status = is_outage ? 503 : 500;
  reply.headers("Content-Type: application/json\r\nCache-Control: no-store\r\nX-Frame-Options: DENY\r\n");
  if (is_outage) reply.headers("Retry-After: 1\r\n");
  reply.body(detail_of(say(Sentence::server_error, Language::en)));
}

std::string new_token(Random& random) {
  constexpr std::string_view digits = "0123456789abcdef";
  return random.text(digits, token_digits);
}

bool is_token(std::string_view text) {
  return text.size() == token_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_access_token(std::string_view text) {
  return text.size() == access_token_length && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace propusk::drf
