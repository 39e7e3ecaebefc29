// How the mobile dialect looks on the wire: header blocks, bodies and cookies, as recorded (contracts/mobile.json).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "browser/session_cookie.hpp"
#include "core/refusal.hpp"
#include "dialects/mobile/csrf.hpp"
#include "dialects/mobile/mobile.hpp"
#include "http/form.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::mobile {

/// Whether an answer may be stored: sign-in says it in Django's longer words.
enum class Caching : unsigned char { no_store, never_cache };

/// What all answers of one path have in common.
struct Place {
  std::string_view allow;  ///< of OPTIONS and of every 405
  Caching caching;
  bool asks_csrf = true;  ///< of every unsafe method
};
inline constexpr Place registration{.allow = "POST, OPTIONS", .caching = Caching::no_store, .asks_csrf = false};
inline constexpr Place login{.allow = "GET, POST, PUT, HEAD, OPTIONS", .caching = Caching::never_cache};  // as recorded
inline constexpr Place failed_login{.allow = "GET, POST", .caching = Caching::never_cache};  // recommendation 8
inline constexpr Place start{.allow = "GET, HEAD, OPTIONS", .caching = Caching::no_store};
inline constexpr Place logout{.allow = "GET, HEAD, POST, OPTIONS", .caching = Caching::no_store};

/// Starts an answer with the headers that every answer of the dialect carries.
void begin(http::Reply& reply, int status, Caching caching, Instant now);
inline void vary_by_cookie(http::Reply& reply) { reply.headers("Vary: Cookie\r\n"); }

/// The 403 pages, byte for byte.
void write_csrf_failure(http::Reply& reply, CsrfVerdict verdict, Instant now);
/// What Django's middleware lets through to a view: passes the CSRF check, with the fields of a POST (other methods
/// have none). Else nothing, and the 403 or 400 is written.
std::optional<http::Form> admit_form(const Mobile& mobile, const http::Request& request, http::Reply& reply);
/// The answer of a path to a method it has no work for: 200 to OPTIONS, 405 to others, after the CSRF check.
void write_other_method(const Mobile& mobile, const http::Request& request, http::Reply& reply, const Place& place);

/// What a refusal looks like (errors.cpp: the one switch).
struct WireError {
  int status;
  std::string_view body;
};
WireError to_wire(core::Refusal refusal, const MobileSettings& settings);
/// Writes the refusal that the contract's order of checks puts first (CONTRACTS.md §1: mail, weak, login, taken).
void write_refusal(const Mobile& mobile, const core::Refused& refused, http::Reply& reply, const Place& place);

using browser::is_session_key;
using browser::new_session_key;
using browser::removed_session_cookie;
using browser::sent_session_key;
using browser::session_cookie;

constexpr http::SetCookie csrf_cookie(std::string_view token) {
  return {.name = "csrftoken", .value = token, .max_age = seconds{31'449'600}};  // 364 days, CONTRACTS.md §1 "Cookies"
}
/// Adds what the request and the settings say: Secure and Domain.
void set_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, http::SetCookie cookie);

/// The fields of a body in any of the three writings. A body that Django would not read as a form is an empty form.
/// Nothing for multipart/form-data without a valid boundary and for too many fields, which Django answers with 400.
std::optional<http::Form> read_fields(const http::Request& request);
void write_bad_request(http::Reply& reply, Instant now);

}  // namespace propusk::mobile
