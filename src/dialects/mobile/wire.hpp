// How the mobile dialect looks on the wire: header blocks, bodies and cookies, as recorded (contracts/mobile.json).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/refusal.hpp"
#include "dialects/mobile/csrf.hpp"
#include "dialects/mobile/mobile.hpp"
#include "http/form.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::mobile {

/// Whether an answer may be stored: sign-in says it in Django's longer words.
enum class Caching : unsigned char { no_store, never_cache };

/// Starts an answer with the headers that every answer of the dialect carries.
void begin(http::Reply& reply, int status, Caching caching, Instant now);
inline void vary_by_cookie(http::Reply& reply) { reply.headers("Vary: Cookie\r\n"); }

/// The 403 pages, byte for byte.
void write_csrf_failure(http::Reply& reply, CsrfVerdict verdict, Instant now);
/// 405 with `Allow`, after the CSRF check that Django makes for every unsafe method.
http::Next refuse_method(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view allow,
                         Caching caching);
/// 200 with `Allow`.
http::Next answer_options(const Mobile& mobile, http::Reply& reply, std::string_view allow, Caching caching);

/// What a refusal looks like (errors.cpp: the one switch).
struct WireError {
  int status;
  std::string_view body;
};
WireError to_wire(core::Refusal refusal, const MobileSettings& settings);
/// Writes the refusal that the contract's order of checks puts first (CONTRACTS.md §1: mail, weak, login, taken).
void write_refusal(const Mobile& mobile, const core::Refused& refused, http::Reply& reply, Caching caching);

/// A fresh session key: 32 of a-z0-9, 165 random bits.
std::string new_session_key(Random& random);
/// The sessionid cookie as sent; nothing if none.
inline std::optional<std::string_view> sent_session_key(const http::Request& request) {
  return request.cookie("sessionid");
}
bool is_session_key(std::string_view text);
void set_session_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view key);
void remove_session_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply);
void set_csrf_cookie(const Mobile& mobile, const http::Request& request, http::Reply& reply, std::string_view token);

/// The fields of a body in any of the three writings. A body that Django would not read as a form is an empty form.
/// Nothing for broken multipart framing or too many fields, which Django answers with 400.
std::optional<http::Form> read_fields(const http::Request& request);
void write_bad_request(http::Reply& reply, Instant now);

}  // namespace propusk::mobile
