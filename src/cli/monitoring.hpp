// Monitoring: /livez, /readyz and /metrics on a listener of their own, never on the public one.
#pragma once
#include <atomic>

#include "base/clock.hpp"
#include "http/router.hpp"
#include "platform/metrics.hpp"

namespace propusk::cli {

struct Monitoring {
  const platform::Metrics& metrics;
  const std::atomic<bool>& is_ready;
};

/// `monitoring` outlives the router.
void mount(http::Router& router, Monitoring& monitoring);

}  // namespace propusk::cli
