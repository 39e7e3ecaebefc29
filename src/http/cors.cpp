// Origins are compared to the byte: browsers send them in one form (RFC 6454 §6.2), and so does the configuration.
#include "http/cors.hpp"

#include <algorithm>

namespace propusk::http {

bool is_allowed_origin(const CorsRules& rules, const Request& request) {
  if (!is_on(rules)) return false;
  const auto origin = request.header("Origin");
  if (!origin) return false;
  return std::ranges::find(rules.origins, *origin) != rules.origins.end() ||
         (rules.is_of_client && rules.is_of_client(*origin));
}

bool answer_preflight(const CorsRules& rules, const Request& request, std::string_view methods, Reply& reply) {
  const bool is_preflight = request.method == Method::options && request.header("Access-Control-Request-Method");
  if (!is_preflight || !is_allowed_origin(rules, request)) return false;
  reply.status = 204;
  reply.headers(
      "Access-Control-Allow-Headers: accept, accept-language, authorization, content-language, content-type\r\n"
      "Access-Control-Max-Age: 600\r\n"  // a revoked origin stops within ten minutes
      "Cache-Control: no-store\r\n"
      "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n");
  reply.header("Access-Control-Allow-Origin", *request.header("Origin"));
  reply.header("Access-Control-Allow-Methods", methods);
  return true;
}

void append_cors(const CorsRules& rules, const Request& request, Reply& reply) {
  if (!is_allowed_origin(rules, request)) return;
  reply.header("Access-Control-Allow-Origin", *request.header("Origin"));
  reply.headers("Access-Control-Expose-Headers: Retry-After, WWW-Authenticate\r\n");
}

}  // namespace propusk::http
