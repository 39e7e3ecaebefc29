// The sources of /metrics: who counts what, under which name (UX.md "Metrics").
#pragma once
#include "cli/foundations.hpp"
#include "cli/outbox_worker.hpp"
#include "core/audit/outcomes.hpp"
#include "core/limits/limits.hpp"
#include "http/server.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/outbound/curl_fetcher.hpp"
#include "providers/gateway.hpp"

namespace propusk::cli {

struct MetricsDeps {
  const http::Server& server;
  const Foundations& foundations;
  const core::Limits& limits;
  const core::Outcomes& outcomes;
  const platform::Log& log;
  const OutboxWorker& worker;
  const platform::CurlFetcher& fetcher;
  const providers::Gateway& gateway;
};
/// What `deps` refers to outlives `metrics`' last text().
void add_sources(platform::Metrics& metrics, MetricsDeps deps);

}  // namespace propusk::cli
