// SharedBuckets: the port through which all nodes take tokens out of the same buckets.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace propusk::core {

/// A bucket that holds `burst` tokens and gets one back every `refill`.
struct Allowance {
  std::uint32_t burst = 0;
  std::chrono::microseconds refill{0};
};

/// One token wanted.
struct BucketStep {
  std::uint64_t bucket = 0;
  Allowance allowance;
  Instant seeded{};  ///< when an unknown bucket is full again
};

class SharedBuckets {
 public:
  virtual ~SharedBuckets() = default;
  /// What all nodes mix into the keys of buckets, and nobody outside knows.
  [[nodiscard]] virtual std::array<std::byte, 16> seed() const = 0;
  /// A token of every bucket, or of none: then the wait until the next try may succeed; zero if they were taken. Exact
  /// over all nodes, as far as their clocks agree. Throws Outage.
  virtual Task<microseconds> take(std::vector<BucketStep> steps, Instant now, Deadline deadline) = 0;
  /// Puts one token back into each bucket, soon: nobody waits for it, and an outage loses it.
  virtual void give_back(std::vector<BucketStep> steps) noexcept = 0;
  /// Fills a bucket, soon.
  virtual void forgive(std::uint64_t bucket) noexcept = 0;
};

}  // namespace propusk::core
