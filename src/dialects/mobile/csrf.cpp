// Unmasks and compares CSRF tokens (contracts/storage.json "csrf" holds worked examples).
#include "dialects/mobile/csrf.hpp"

#include <algorithm>

#include "base/constant_time.hpp"

namespace propusk::mobile {
namespace {
constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t secret_length = 32;
constexpr std::size_t masked_length = 64;

/// The secret inside a well-formed token.
std::string secret_of(std::string_view token) {
  if (token.size() == secret_length) return std::string(token);
  std::string secret;
  secret.reserve(secret_length);
  for (std::size_t i = 0; i < secret_length; ++i) {
    const std::size_t mask = alphabet.find(token[i]);
    const std::size_t cipher = alphabet.find(token[secret_length + i]);
    secret.push_back(alphabet[(cipher + alphabet.size() - mask) % alphabet.size()]);
  }
  return secret;
}
}  // namespace

bool is_csrf_token(std::string_view token) {
  return (token.size() == secret_length || token.size() == masked_length) &&
         token.find_first_not_of(alphabet) == std::string_view::npos;
}

bool hold_same_secret(std::string_view a, std::string_view b) {
  return is_csrf_token(a) && is_csrf_token(b) && equal_in_constant_time(secret_of(a), secret_of(b));
}

std::string new_csrf_token(Random& random) { return random.text(alphabet, secret_length); }

CsrfVerdict check_csrf_head(const http::CrossSiteGate& gate, const http::Request& request) {
  if (http::is_cross_site(gate, request)) return CsrfVerdict::rejected;
  return request.cookie("csrftoken") ? CsrfVerdict::passed : CsrfVerdict::no_cookie;
}

CsrfVerdict check_csrf_token(const http::Request& request, const http::Form& form) {
  std::string_view token = form.field("csrfmiddlewaretoken").value_or("");
  if (token.empty()) token = request.header("x-csrftoken").value_or("");
  const std::string_view cookie = request.cookie("csrftoken").value_or("");
  return hold_same_secret(cookie, token) ? CsrfVerdict::passed : CsrfVerdict::rejected;
}

}  // namespace propusk::mobile
