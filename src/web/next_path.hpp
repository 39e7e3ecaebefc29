// Where a person goes after signing in: a path of ours that a page carries along as `next`.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace propusk::web {

/// A path with its query as browsers send it: one slash in front, printable ASCII, no backslash, at most 2,000 bytes.
/// Nothing that a browser could read as another site's address (SECURITY.md: open redirects).
bool is_own_path(std::string_view text);
/// `next` of the query, if it is_own_path().
std::optional<std::string> next_path(const http::Request& request);
/// `value` as it stands in a query: percent-encoded (RFC 3986 section 2), but for unreserved characters and the slash.
std::string query_value(std::string_view value);
/// The page on which to sign in, and after that on to `next`.
std::string sign_in_path(std::string_view next);
/// What a link to the same page in another language keeps of the query: where one is led on to, and all that an app
/// asks for with its link to authorize. `a=b&c=d` with everything encoded; "" for nothing.
std::string kept_query(const http::Request& request);

}  // namespace propusk::web
