// CORS: which origins' scripts may read the answers of routes that take bearer tokens (Fetch §3.2). Never with cookies:
// `Access-Control-Allow-Credentials` is not sent.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::http {

struct CorsRules {
  std::vector<std::string>
      origins;  ///< exact, as browsers send them; none: CORS is off and nothing below does anything
};

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
