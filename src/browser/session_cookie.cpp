// As recorded from Django: lower-case letters and digits.
#include "browser/session_cookie.hpp"

namespace propusk::browser {
namespace {
constexpr std::string_view session_key_alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t session_key_length = 32;
}  // namespace

std::string new_session_key(Random& random) { return random.text(session_key_alphabet, session_key_length); }

bool is_session_key(std::string_view text) {
  return text.size() == session_key_length && text.find_first_not_of(session_key_alphabet) == std::string_view::npos;
}

void set_cookie(const CookieScope& scope, const http::Request& request, http::SetCookie cookie, Instant now,
                http::Reply& reply) {
  cookie.secure = request.is_secure || scope.public_origin.starts_with("https://");
  cookie.domain = scope.domain;
  reply.cookie(cookie, now);
}

}  // namespace propusk::browser
