// CORS: which origins' scripts may read the answers of routes that take bearer tokens (Fetch §3.2). Never with cookies:
// `Access-Control-Allow-Credentials` is not sent.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::http {

struct CorsRules {
  std::vector<std::string> origins;  ///< exact, as browsers send them
  /// Whether an origin is one of the registered clients', and whether any has one: they come and go. Nothing: none.
  std::function<bool(std::string_view)> is_of_client{};
  std::function<bool()> has_client_origins{};
};
/// If not, nothing below does anything.
inline bool is_on(const CorsRules& rules) {
  return !rules.origins.empty() || (rules.has_client_origins && rules.has_client_origins());
}

/// True if a script of this request's origin may read the answer.
bool is_allowed_origin(const CorsRules& rules, const Request& request);

/// Answers a preflight (OPTIONS with Access-Control-Request-Method) of an allowed origin: 204 with `methods`, the
/// request headers that our routes read, and how long that may be remembered. False for any other request: nothing was
/// written.
bool answer_preflight(const CorsRules& rules, const Request& request, std::string_view methods, Reply& reply);

/// Appends what an answer carries for a request with this Origin: Access-Control-Allow-Origin and the headers that a
/// script may read, if it is allowed. The caller names Origin in `Vary` if origins are configured.
void append_cors(const CorsRules& rules, const Request& request, Reply& reply);

}  // namespace propusk::http
