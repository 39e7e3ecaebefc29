// Outcomes: how often each verb succeeded or was refused, and why; for metrics, whatever a dialect makes of it on the
// wire.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "core/refusal.hpp"

namespace propusk::core {

/// Relaxed counters of one verb; written by every thread, read by a scrape.
class OutcomeCounters {
 public:
  template <class T>
  void count(const Result<T>& result) {
    (result ? granted_ : refused_[static_cast<std::size_t>(result.error().why)])
        .fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t granted() const { return granted_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t refused(Refusal why) const {
    return refused_[static_cast<std::size_t>(why)].load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> granted_ = 0;
  std::array<std::atomic<std::uint64_t>, refusal_count> refused_{};
};

struct Outcomes {
  OutcomeCounters sign_ins, registrations, profile_edits, recoveries_asked, recoveries, activations_asked, activations,
      token_refreshes, provider_sign_ins, connections, disconnections;
};

}  // namespace propusk::core
