// Writes the mobile dialect's bytes.
#include "dialects/mobile/wire.hpp"

#include <utility>

namespace propusk::mobile {
namespace {
constexpr char rejected_page[] = {
#embed "csrf_rejected.html"
};
constexpr char no_cookie_page[] = {
#embed "csrf_no_cookie.html"
};

constexpr std::string_view every_answer =
    "Content-Type: text/html; charset=utf-8\r\n"
    "X-Frame-Options: DENY\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
constexpr std::string_view session_key_alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t session_key_length = 32;
constexpr seconds csrf_cookie_life{31'449'600};  // 364 days, CONTRACTS.md §1 "Cookies"

bool is_safe(http::Method method) {
  return method == http::Method::get || method == http::Method::head || method == http::Method::options;
}
}  // namespace

void begin(http::Reply& reply, int status, Caching caching, Instant now) {
  reply.status = status;
  reply.headers(every_answer);
  if (caching == Caching::no_store) {
    reply.headers("Cache-Control: no-store\r\n");
  } else {
    reply.header("Expires", http::http_date(now));
    reply.headers("Cache-Control: max-age=0, no-cache, no-store, must-revalidate, private\r\n");
  }
}

void write_csrf_failure(http::Reply& reply, CsrfVerdict verdict, Instant now) {
  begin(reply, 403, Caching::no_store, now);
  reply.body(verdict == CsrfVerdict::no_cookie ? std::string_view(no_cookie_page, sizeof no_cookie_page)
                                               : std::string_view(rejected_page, sizeof rejected_page));
}

http::Next refuse_method(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view allow,
                         Caching caching) {
  const Instant now = mobile.clock.now();
  if (!is_safe(request.method)) {
    // Only POST bodies are forms to Django, so for other methods the token can come from the header alone.
    const CsrfVerdict verdict = check_csrf(mobile.gate, request, http::Form{});
    if (verdict != CsrfVerdict::passed) {
      write_csrf_failure(reply, verdict, now);
      return http::Next::send;
    }
  }
  begin(reply, 405, caching, now);
  reply.header("Allow", allow);
  return http::Next::send;
}

http::Next answer_options(const Mobile& mobile, http::Reply& reply, std::string_view allow, Caching caching) {
  begin(reply, 200, caching, mobile.clock.now());
  reply.header("Allow", allow);
  return http::Next::send;
}

std::string new_session_key(Random& random) { return random.text(session_key_alphabet, session_key_length); }

bool is_session_key(std::string_view text) {
  return text.size() == session_key_length && text.find_first_not_of(session_key_alphabet) == std::string_view::npos;
}

void set_session_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view key) {
  reply.cookie({.name = "sessionid",
                .value = key,
                .max_age = core::row_of(core::CredentialKind::browser_session).lifetime,
                .http_only = true,
                .secure = request.is_secure,
                .domain = mobile.settings.cookie_domain},
               mobile.clock.now());
}

void remove_session_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply) {
  reply.cookie({.name = "sessionid",
                .value = "\"\"",
                .max_age = seconds{0},
                .http_only = false,
                .secure = request.is_secure,
                .domain = mobile.settings.cookie_domain},
               mobile.clock.now());
}

void set_csrf_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view token) {
  reply.cookie({.name = "csrftoken",
                .value = token,
                .max_age = csrf_cookie_life,
                .http_only = false,
                .secure = request.is_secure,
                .domain = mobile.settings.cookie_domain},
               mobile.clock.now());
}

std::optional<http::Form> read_fields(const http::Request& request) {
  auto form = http::read_form(request, {.urlencoded = true, .multipart = true, .json = true});
  if (form) return std::move(*form);
  const bool is_multipart = request.header("content-type").value_or("").starts_with("multipart/");
  if (form.error() == http::FormError::too_many_fields || is_multipart) return std::nullopt;
  return http::Form{};
}

void write_bad_request(http::Reply& reply, Instant now) { begin(reply, 400, Caching::no_store, now); }

}  // namespace propusk::mobile
