// Counters of one I/O thread: written by it alone, read by anybody.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "http/server.hpp"

namespace propusk::http {

/// Only its own thread adds, so that no read-modify-write instruction is needed.
class Counter {
 public:
  void add(std::uint64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// The counters of one thread; aligned, so that two threads never write the same cache line.
struct alignas(64) LaneCounters {
  struct OfRoute {
    std::array<Counter, 6> answers;
    Counter waited, waited_microseconds;
  };
  explicit LaneCounters(std::size_t route_count) : routes(route_count + 1) {}

  std::vector<OfRoute> routes;  ///< the last one: no route
  Counter opened, closed, refused, bad_requests, deadlines, untrusted_forwarded, outages, bugs;

  /// Adds these to `sum`, whose routes are as many.
  void add_to(ServerCounters& sum) const;
};

}  // namespace propusk::http
