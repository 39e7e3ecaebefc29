// Writes the mobile dialect's bytes.
#include "dialects/mobile/wire.hpp"

#include <utility>

#include "http/media_type.hpp"

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

std::optional<http::Form> admit_form(const Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const Instant now = mobile.clock.now();
  CsrfVerdict verdict = check_csrf_head(mobile.gate, request);
  std::optional<http::Form> form = http::Form();
  if (verdict == CsrfVerdict::passed) {
    if (request.method == http::Method::post) form = read_fields(request);
    if (!form) {
      write_bad_request(reply, now);
      return std::nullopt;
    }
    verdict = check_csrf_token(request, *form);
  }
  if (verdict == CsrfVerdict::passed) return form;
  write_csrf_failure(reply, verdict, now);
  return std::nullopt;
}

void write_other_method(const Mobile& mobile, const http::Request& request, http::Reply& reply, const Place& place) {
  const bool is_options = request.method == http::Method::options;
  const bool is_safe = is_options || request.method == http::Method::get || request.method == http::Method::head;
  if (place.asks_csrf && !is_safe && !admit_form(mobile, request, reply)) return;
  begin(reply, is_options ? 200 : 405, place.caching, mobile.clock.now());
  reply.header("Allow", place.allow);
}

void set_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, http::SetCookie cookie) {
  browser::set_cookie({mobile.settings.cookie_domain, mobile.gate.public_origin}, request, cookie, mobile.clock.now(),
                      reply);
}

std::optional<http::Form> read_fields(const http::Request& request) {
  auto form = http::read_form(request, {.urlencoded = true, .multipart = true, .json = true});
  if (form) return std::move(*form);
  const http::MediaType type(request.header("content-type").value_or(""));
  const bool is_broken = form.error() == http::FormError::malformed && type.is("multipart/form-data");
  if (is_broken || form.error() == http::FormError::too_many_fields) return std::nullopt;
  return http::Form{};
}

void write_bad_request(http::Reply& reply, Instant now) { begin(reply, 400, Caching::no_store, now); }

}  // namespace propusk::mobile
