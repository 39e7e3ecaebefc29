// Django's unsigned double submit: the token in the form or header must hold the same secret as the csrftoken cookie.
#pragma once
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "http/cross_site.hpp"
#include "http/form.hpp"
#include "http/request.hpp"

namespace propusk::mobile {

/// A token as Django makes them: 32 alphanumerics (the bare secret), or 64 (32 of mask, 32 of cipher).
bool is_csrf_token(std::string_view token);
/// Whether both are tokens and hold the same secret; compared in constant time.
bool hold_same_secret(std::string_view a, std::string_view b);
/// A new bare secret, the form of Django ≥ 4.1.
std::string new_csrf_token(Random& random);

enum class CsrfVerdict : unsigned char {
  passed,
  no_cookie,  ///< answered with its own page, as recorded
  rejected,
};
/// What the head alone decides: refuses cross-site browsers and requests without the cookie. No Referer is demanded of
/// clients that send no Origin (CONTRACTS.md §1, recommendation 2).
CsrfVerdict check_csrf_head(const http::CrossSiteGate& gate, const http::Request& request);
/// Compares the cookie with `csrfmiddlewaretoken` of the form, else with the header X-CSRFToken.
CsrfVerdict check_csrf_token(const http::Request& request, const http::Form& form);

}  // namespace propusk::mobile
