// Answers probes and scrapes (UX.md "Health", "Metrics"): the status code is the contract.
#include "cli/monitoring.hpp"

namespace propusk::cli {
namespace {
http::Next answer(http::Reply& reply, int status, std::string_view type, std::string_view body) {
  reply.status = status;
  reply.header("Content-Type", type).headers("Cache-Control: no-store\r\n").body(body);
  return http::Next::send;
}

/// The process answers: that is all livez promises. It never touches the store.
http::Next get_livez(Monitoring&, const http::Request&, http::Reply& reply) {
  return answer(reply, 200, "text/plain", "ok\n");
}

http::Next get_readyz(Monitoring& monitoring, const http::Request&, http::Reply& reply) {
  return monitoring.is_ready() ? answer(reply, 200, "text/plain", "ready\n")
                               : answer(reply, 503, "text/plain", "not ready\n");
}

http::Next get_metrics(Monitoring& monitoring, const http::Request&, http::Reply& reply) {
  return answer(reply, 200, "text/plain; version=0.0.4; charset=utf-8", monitoring.metrics.text());
}

constexpr http::Route<Monitoring> table[] = {
    {.method = http::Method::get, .path = "/livez", .body_limit = 0, .plain = get_livez},
    {.method = http::Method::get, .path = "/readyz", .body_limit = 0, .plain = get_readyz},
    {.method = http::Method::get, .path = "/metrics", .body_limit = 0, .plain = get_metrics},
};
}  // namespace

void mount(http::Router& router, Monitoring& monitoring) { router.mount(table, monitoring); }

}  // namespace propusk::cli
