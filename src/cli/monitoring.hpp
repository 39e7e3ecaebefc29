// Monitoring: /livez, /readyz and /metrics on a listener of their own, never on the public one.
#pragma once
#include <functional>

#include "base/clock.hpp"
#include "http/router.hpp"
#include "platform/metrics.hpp"

namespace propusk::cli {

struct Monitoring {
  const platform::Metrics& metrics;
  std::function<bool()> is_ready;  ///< whether requests can be answered well just now
};

/// `monitoring` outlives the router.
void mount(http::Router& router, Monitoring& monitoring);

}  // namespace propusk::cli
