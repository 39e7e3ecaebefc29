// Belief: until when what is remembered of a store that others write to may be taken for true.
#pragma once
#include <atomic>

#include "base/clock.hpp"

namespace propusk {

/// Thread-safe. Without a last() it holds for ever: nobody else writes.
class Belief {
 public:
  [[nodiscard]] bool holds() const {
    const Clock* clock = clock_.load(std::memory_order_acquire);
    return clock == nullptr ||
           clock->monotonic() < Deadline(Deadline::duration(until_.load(std::memory_order_relaxed)));
  }
  /// From now on it holds until then, by `clock`, which outlives this.
  void last(Deadline until, const Clock& clock) {
    until_.store(until.time_since_epoch().count(), std::memory_order_relaxed);
    clock_.store(&clock, std::memory_order_release);
  }

 private:
  std::atomic<const Clock*> clock_{nullptr};
  std::atomic<Deadline::rep> until_{0};
};

}  // namespace propusk
