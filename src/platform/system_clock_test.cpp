// The system clock tells the real time within a tick, and its monotonic side never goes back.
#include "platform/system_clock.hpp"

#include <gtest/gtest.h>

namespace propusk::platform {
namespace {

TEST(SystemClock, now_is_the_wall_clock_within_a_tick) {
  const SystemClock clock;
  const auto before = std::chrono::system_clock::now();
  const Instant now = clock.now();
  const auto after = std::chrono::system_clock::now();

  EXPECT_GE(now, before - milliseconds{20});  // twice the longest tick
  EXPECT_LE(now, after);
}

TEST(SystemClock, the_monotonic_clock_does_not_go_back) {
  const SystemClock clock;
  Deadline last = clock.monotonic();
  for (int i = 0; i < 1000; ++i) {
    const Deadline next = clock.monotonic();
    ASSERT_GE(next, last);
    last = next;
  }
}

}  // namespace
}  // namespace propusk::platform
