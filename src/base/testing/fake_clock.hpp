// FakeClock and SeededRandom: time and chance under a test's control.
#pragma once
#include <atomic>
#include <mutex>
#include <random>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace propusk::testing {

/// Starts at 2026-01-01 00:00:00 UTC and moves only by advance(). Thread-safe. monotonic() runs on the real steady
/// clock plus what was advanced, because deadlines are awaited on real timers.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return instant(1'767'225'600'000'000) + microseconds{advanced_.load()}; }
  [[nodiscard]] Deadline monotonic() const override {
    return std::chrono::steady_clock::now() + microseconds{advanced_.load()};
  }
  void advance(microseconds by) { advanced_ += by.count(); }

 private:
  std::atomic<std::int64_t> advanced_{0};
};

/// The same bytes for the same seed. Thread-safe, so that in-process servers may share it.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(std::span<std::byte> out) override {
    std::lock_guard lock(mutex_);
    for (auto& byte : out) byte = static_cast<std::byte>(engine_() & 0xff);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace propusk::testing
