// Deadlines on the wheel, with time as a number.
#include "http/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace propusk::http {
namespace {

using namespace std::chrono_literals;

struct Alarm final : TimerWheel::Timer {
  explicit Alarm(TimerWheel& wheel) : wheel(wheel) {}
  void expired() override {
    ++rang;
    if (again > 0s) wheel.arm(*this, next += again);
  }
  TimerWheel& wheel;
  int rang = 0;
  seconds again{0};
  Deadline next{};
};

class Wheel : public ::testing::Test {
 protected:
  Deadline start{1h};
  TimerWheel wheel{start};
};

TEST_F(Wheel, RingsOnceWithinATickAfterTheDeadline) {
  Alarm alarm(wheel);
  wheel.arm(alarm, start + 15s);

  wheel.advance(start + 14'999ms);
  EXPECT_EQ(alarm.rang, 0);
  wheel.advance(start + 15'500ms);
  EXPECT_EQ(alarm.rang, 1);
  wheel.advance(start + 10min);
  EXPECT_EQ(alarm.rang, 1);
}

TEST_F(Wheel, FollowsDeadlinesThatMoveBothWays) {
  Alarm later(wheel), sooner(wheel);
  wheel.arm(later, start + 2s);
  wheel.arm(later, start + 20s);
  wheel.arm(sooner, start + 75s);
  wheel.arm(sooner, start + 3s);

  for (auto at = 0ms; at <= 19'500ms; at += 500ms) wheel.advance(start + at);

  EXPECT_EQ(later.rang, 0);
  EXPECT_EQ(sooner.rang, 1);
  wheel.advance(start + 21s);
  EXPECT_EQ(later.rang, 1);
}

TEST_F(Wheel, KeepsDeadlinesBeyondOneTurn) {
  Alarm far(wheel);
  wheel.arm(far, start + 10min);

  for (auto at = 0s; at < 600s; at += 1s) wheel.advance(start + at);
  EXPECT_EQ(far.rang, 0);
  wheel.advance(start + 601s);
  EXPECT_EQ(far.rang, 1);
}

TEST_F(Wheel, RingsEveryoneAfterAJumpOfTheClock) {
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 300; ++i) wheel.arm(*alarms.emplace_back(std::make_unique<Alarm>(wheel)), start + i * 1s);

  wheel.advance(start + 1h);

  for (const auto& alarm : alarms) EXPECT_EQ(alarm->rang, 1);
}

TEST_F(Wheel, LetsAnAlarmArmItselfAgain) {
  Alarm alarm(wheel);
  alarm.again = 2s;
  wheel.arm(alarm, alarm.next = start + 2s);

  for (auto at = 0s; at <= 9s; at += 1s) wheel.advance(start + at);

  EXPECT_EQ(alarm.rang, 4);
}

TEST_F(Wheel, ForgetsDestroyedTimers) {
  auto alarm = std::make_unique<Alarm>(wheel);
  Alarm neighbour(wheel);
  wheel.arm(*alarm, start + 1s);
  wheel.arm(neighbour, start + 1s);

  alarm.reset();
  wheel.advance(start + 5s);

  EXPECT_EQ(neighbour.rang, 1);
}

}  // namespace
}  // namespace propusk::http
