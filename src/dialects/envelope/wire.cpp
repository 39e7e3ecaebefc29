// Writes the envelope dialect's bytes.
#include "dialects/envelope/wire.hpp"

#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <algorithm>
#include <charconv>

#include <array>
#include <cstddef>
#include <utility>

#include "base/encoding.hpp"
#include "http/accept.hpp"

namespace propusk::envelope {
namespace {
constexpr char not_found_page[] = {
#embed "not_found.html"
};

constexpr std::string_view every_answer =
    "X-Frame-Options: DENY\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";
// Any 64 of these are a well-formed masked token of Django ≤ 4.0: 32 of mask, 32 of cipher.
constexpr std::string_view csrf_alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t csrf_length = 64;
constexpr seconds csrf_life{31'449'600};  // 364 days, as recorded

void set_cookie(const Envelope& envelope, const http::Request& request, http::SetCookie cookie, http::Reply& reply) {
  browser::set_cookie({envelope.settings.cookie_domain, envelope.gate.public_origin}, request, cookie,
                      envelope.clock.now(), reply);
}

/// `\uXXXX` of one UTF-16 unit.
void append_unit(std::string& out, char16_t unit) {
  out.append("\\u").append(to_hex(std::array{std::byte(unit >> 8), std::byte(unit & 0xff)}));
}

/// One code point that is not printable ASCII, or has a meaning in JSON.
void append_escape(std::string& out, UChar32 c) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  const std::size_t name = c < 0x80 ? named.find(static_cast<char>(c)) : std::string_view::npos;
  if (name != std::string_view::npos) {
    out.append({'\\', letters[name]});
  } else if (c > 0xffff) {
    append_unit(out, U16_LEAD(c));
    append_unit(out, U16_TRAIL(c));
  } else {
    append_unit(out, static_cast<char16_t>(c));
  }
}
}  // namespace

std::string json_string(std::string_view utf8) {
  std::string out = "\"";
  const auto size = static_cast<int32_t>(utf8.size());
  for (int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(utf8.data(), at, size, c);
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\')
      out.push_back(static_cast<char>(c));
    else
      append_escape(out, c);
  }
  return out + '"';
}

void write_envelope(WireError error, std::string_view result, http::Reply& reply) {
  reply.status = error.status;
  reply.headers("Content-Type: application/json\r\n").headers(every_answer);
  std::string body = error.code == 0 ? R"({"status": 1, )" : R"({"status": 0, )";
  if (!result.empty()) body.append(R"("result": )").append(result).append(", ");
  reply.body(body.append(R"("error": )").append(std::to_string(error.code)).append("}"));
}

std::string_view nothing_told(const EnvelopeSettings& settings, const http::Request& request) {
  if (settings.shape == Shape::list) return "[]";
  return request.path == register_path ? "" : "{}";
}

void write_not_found(http::Reply& reply) {
  reply.status = 404;
  reply.headers("Content-Type: text/html\r\n").headers(every_answer);
  reply.body({not_found_page, sizeof not_found_page});
}

bool is_older_version(std::string_view version, std::string_view least) {
  while (!version.empty() || !least.empty()) {
    const auto number = [](std::string_view& rest) {
      std::uint32_t value = 0;
      const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
      const bool is_number = error == std::errc{} && (end == rest.data() + rest.size() || *end == '.');
      rest.remove_prefix(is_number ? std::min(static_cast<std::size_t>(end - rest.data()) + 1, rest.size()) : 0);
      return is_number ? std::optional(value) : std::nullopt;
    };
    const auto part = version.empty() ? std::optional(0U) : number(version);
    const auto wanted = least.empty() ? std::optional(0U) : number(least);
    if (!part || !wanted) return false;
    if (*part != *wanted) return *part < *wanted;
  }
  return false;
}

bool refuses_sender(const Envelope& envelope, const http::Request& request, http::Reply& reply) {
  const bool is_foreign = http::is_cross_site(envelope.gate, request);
  const std::string_view version = request.header("X-Client-Version").value_or("");
  const bool is_old = !version.empty() && is_older_version(version, envelope.settings.min_client_version);
  if (!is_foreign && !is_old) return false;
  write_envelope(is_foreign ? access_error : old_client_error, nothing_told(envelope.settings, request), reply);
  return true;
}

http::Form read_fields(const http::Request& request) {
  auto form = http::read_form(request, {.urlencoded = true, .multipart = true});
  return form ? std::move(*form) : http::Form();
}

std::optional<std::string> field(const http::Form& form, std::string_view name) {
  const std::optional<std::string_view> value = form.field(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::optional<Language> language_of(const http::Request& request) {
  return http::preferred_language(request.header("Accept-Language").value_or(""));
}

void set_session_cookies(const Envelope& envelope, const http::Request& request, std::string_view key,
                         http::Reply& reply) {
  const std::string token = envelope.random.text(csrf_alphabet, csrf_length);
  set_cookie(envelope, request, {.name = "csrftoken", .value = token, .max_age = csrf_life}, reply);
  set_cookie(envelope, request, browser::session_cookie(key), reply);
}

void remove_session_cookie(const Envelope& envelope, const http::Request& request, http::Reply& reply) {
  set_cookie(envelope, request, browser::removed_session_cookie, reply);
}

}  // namespace propusk::envelope
