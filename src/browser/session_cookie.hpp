// The session cookie: one cookie of browsers, whichever dialect or page set it (CONTRACTS.md §1 "Cookies").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "core/sessions/credential.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::browser {

inline constexpr std::string_view session_cookie_name = "sessionid";

/// A fresh session key: 32 of a-z0-9, 165 random bits.
std::string new_session_key(Random& random);
/// Whether a text looks like one.
bool is_session_key(std::string_view text);
/// The cookie as sent; nothing if none.
inline std::optional<std::string_view> sent_session_key(const http::Request& request) {
  return request.cookie(session_cookie_name);
}

/// For as long as a session lives; `key` outlives it.
constexpr http::SetCookie session_cookie(std::string_view key) {
  constexpr seconds life = core::row_of(core::CredentialKind::browser_session).life.lifetime;
  return {.name = session_cookie_name, .value = key, .max_age = life, .http_only = true};
}
inline constexpr http::SetCookie removed_session_cookie{
    .name = session_cookie_name, .value = "\"\"", .max_age = seconds{0}};

/// Where the site's cookies go.
struct CookieScope {
  std::string_view domain;         ///< sessions.cookie_domain; "" = host-only
  std::string_view public_origin;  ///< of https: no cookie travels in the clear
};
/// Adds Domain, and Secure where the request came by TLS or the site is one of https. `now` dates `expires`.
void set_cookie(const CookieScope& scope, const http::Request& request, http::SetCookie cookie, Instant now,
                http::Reply& reply);

}  // namespace propusk::browser
