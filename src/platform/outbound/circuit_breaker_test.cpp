// A host that fails is left alone for a while, then tried by one, and nobody else's host is.
#include "platform/outbound/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::platform {
namespace {

class CircuitBreaking : public ::testing::Test {
 protected:
  /// One request to the host, which fails or not; false if it was not let through.
  bool ask(bool fails, const std::string& host = "a.example") {
    const auto pass = breaker.admit(host);
    if (pass) breaker.settle(host, *pass, fails);
    return pass.has_value();
  }
  void open() {
    for (std::uint32_t i = 0; i < CircuitBreaker::failures_to_open; ++i) EXPECT_TRUE(ask(true));
  }
  testing::FakeClock clock;
  CircuitBreaker breaker{clock};
};

TEST_F(CircuitBreaking, OpensAfterFailuresInARowAndForThatHostAlone) {
  for (std::uint32_t i = 1; i < CircuitBreaker::failures_to_open; ++i) EXPECT_TRUE(ask(true));
  EXPECT_TRUE(ask(false)) << "a success in between counts";
  open();

  EXPECT_FALSE(ask(false));
  EXPECT_EQ(breaker.open(), 1U);
  EXPECT_TRUE(ask(false, "b.example"));
}

TEST_F(CircuitBreaking, OneTriesAfterTheRestAndASuccessCloses) {
  open();
  clock.advance(CircuitBreaker::rest);

  const auto trial = breaker.admit("a.example");
  ASSERT_TRUE(trial);
  EXPECT_EQ(*trial, CircuitBreaker::Pass::trial);
  EXPECT_FALSE(breaker.admit("a.example")) << "the others wait";
  breaker.settle("a.example", *trial, false);

  EXPECT_TRUE(ask(false));
  EXPECT_EQ(breaker.open(), 0U);
}

TEST_F(CircuitBreaking, ATrialThatFailsRestsAgainAndOneThatNeverEndsIsFollowedByAnother) {
  open();
  clock.advance(CircuitBreaker::rest);
  EXPECT_TRUE(ask(true));
  EXPECT_FALSE(ask(false));

  clock.advance(CircuitBreaker::rest);
  ASSERT_TRUE(breaker.admit("a.example"));
  clock.advance(CircuitBreaker::trial_patience);
  EXPECT_TRUE(ask(false));
}

TEST_F(CircuitBreaking, RequestsFromBeforeItOpenedChangeNothing) {
  const auto early = breaker.admit("a.example"), other = breaker.admit("a.example");
  ASSERT_TRUE(early && other);
  open();
  clock.advance(CircuitBreaker::rest - seconds{1});
  breaker.settle("a.example", *early, true);
  EXPECT_FALSE(breaker.admit("a.example"));
  clock.advance(seconds{1});
  EXPECT_TRUE(breaker.admit("a.example")) << "the late failure did not prolong the rest";
}

TEST_F(CircuitBreaking, AnotherPortIsAnotherHost) {
  for (std::uint32_t i = 0; i < CircuitBreaker::failures_to_open; ++i) EXPECT_TRUE(ask(true, "a.example:443"));

  EXPECT_FALSE(ask(false, "a.example:443"));
  EXPECT_TRUE(ask(false, "a.example:8443"));
}

TEST_F(CircuitBreaking, WhatIsRememberedIsBoundedAndOpenCircuitsAreKeptLongest) {
  open();
  for (std::size_t i = 0; i < 2 * CircuitBreaker::hosts_limit; ++i) EXPECT_TRUE(ask(true, std::to_string(i)));
  EXPECT_FALSE(breaker.admit("a.example"));
  EXPECT_EQ(breaker.open(), 1U);

  for (std::size_t host = 0; host < 2 * CircuitBreaker::hosts_limit; ++host)
    for (std::uint32_t i = 0; i < CircuitBreaker::failures_to_open; ++i) (void)ask(true, "b" + std::to_string(host));
  EXPECT_LE(breaker.open(), CircuitBreaker::hosts_limit);
}

}  // namespace
}  // namespace propusk::platform
