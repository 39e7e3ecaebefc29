// Limits: exact under parallel tries, fair to the owner under attack, forgiving to success, remembering over restarts.
#include "core/limits/limits.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/testing/fake_clock.hpp"
#include "core/limits/testing/waiting_limits.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;

class LimitsTest : public ::testing::Test {
 protected:
  static ClientAddress from(int host) {
    return *ClientAddress::parse("203.0." + std::to_string(host / 250) + "." + std::to_string(host % 250 + 1));
  }
  static SignInSubject account(std::int64_t id) { return {.account = AccountId{id}, .identifier = ""}; }
  bool try_and_fail(WaitingLimits& limits, const SignInSubject& subject, const ClientAddress& address) {
    const auto place = limits.begin_sign_in(subject, address);
    if (place) limits.failed_sign_in(*place);
    return place.has_value();
  }
  testing::FakeClock clock;
  testing::SeededRandom random;
  LimitSettings settings;
};

TEST_F(LimitsTest, OnePrefixGetsTenMistakesPerAccountThenOneAMinute) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
  const auto refused = limits.begin_sign_in(account(1), from(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, Refusal::limited);
  EXPECT_EQ(refused.error().retry_after, 60s);

  clock.advance(59s);
  EXPECT_FALSE(try_and_fail(limits, account(1), from(1)));
  clock.advance(1s);
  EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
  EXPECT_FALSE(try_and_fail(limits, account(1), from(1)));
}

TEST_F(LimitsTest, StrangersTogetherGetAHundredPerAccount) {
  WaitingLimits limits(settings, clock, random);
  int placed = 0;
  for (int i = 0; i < 300; ++i) placed += try_and_fail(limits, account(1), from(i)) ? 1 : 0;
  EXPECT_EQ(placed, 100);
}

TEST_F(LimitsTest, AnAttackDoesNotLockOutAKnownPrefix) {
  WaitingLimits limits(settings, clock, random);
  const auto home = from(999);
  limits.succeeded_sign_in(*limits.begin_sign_in(account(1), home));
  for (int i = 0; i < 300; ++i) try_and_fail(limits, account(1), from(i));
  ASSERT_FALSE(try_and_fail(limits, account(1), from(301)));

  EXPECT_TRUE(limits.begin_sign_in(account(1), home));
}

TEST_F(LimitsTest, FiveHundredParallelTriesGetExactlyTheTokens) {
  WaitingLimits limits(settings, clock, random);
  std::atomic<int> placed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) placed += try_and_fail(limits, account(1), from(t * 50 + i)) ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(placed, 100);
}

TEST_F(LimitsTest, OnePrefixIsLimitedOverAllAccounts) {
  WaitingLimits limits(settings, clock, random);
  int placed = 0;
  for (int i = 0; i < 300; ++i) placed += try_and_fail(limits, account(i + 1), from(1)) ? 1 : 0;
  EXPECT_EQ(placed, 100);
  EXPECT_TRUE(try_and_fail(limits, account(1000), from(2)));
}

TEST_F(LimitsTest, ARefusedAttemptCostsNothing) {
  settings.failures_per_account_and_prefix = {1, 60s};
  settings.failures_per_prefix = {2, 60s};
  WaitingLimits limits(settings, clock, random);
  EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(try_and_fail(limits, account(1), from(1)));  // its own bucket is empty
  EXPECT_TRUE(try_and_fail(limits, account(2), from(1)));                               // the prefix's was not touched
}

TEST_F(LimitsTest, SuccessForgivesAndAbandonmentCostsNothing) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
  limits.succeeded_sign_in(*limits.begin_sign_in(account(1), from(1)));
  for (int i = 0; i < 500; ++i) limits.abandoned_sign_in(*limits.begin_sign_in(account(1), from(1)));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
}

TEST_F(LimitsTest, ARestartForgivesNothing) {
  WaitingLimits limits(settings, clock, random);
  SignInSubject subject = account(1);
  subject.stored_failures = 98;
  subject.last_stored_failure = clock.now();
  EXPECT_TRUE(try_and_fail(limits, subject, from(1)));
  EXPECT_TRUE(try_and_fail(limits, subject, from(2)));
  EXPECT_FALSE(try_and_fail(limits, subject, from(3)));
}

TEST_F(LimitsTest, AfterARestartTheStoredPrefixIsStillKnown) {
  WaitingLimits limits(settings, clock, random);
  SignInSubject subject = account(1);
  subject.stored_failures = 100;
  subject.last_stored_failure = clock.now();
  EXPECT_FALSE(try_and_fail(limits, subject, from(1)));
  subject.is_from_known_prefix = true;
  EXPECT_TRUE(limits.begin_sign_in(subject, from(2)));
}

TEST_F(LimitsTest, GoodSignInsAreRationedToo) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 60; ++i) limits.succeeded_sign_in(*limits.begin_sign_in(account(1), from(1)));
  EXPECT_FALSE(limits.begin_sign_in(account(1), from(1)));
  EXPECT_TRUE(limits.begin_sign_in(account(1), from(2)));
  clock.advance(10s);
  EXPECT_TRUE(limits.begin_sign_in(account(1), from(1)));
}

TEST_F(LimitsTest, UnknownIdentifiersAreLimitedToo) {
  WaitingLimits limits(settings, clock, random);
  const SignInSubject ghost{.account = {}, .identifier = "ghost"};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(try_and_fail(limits, ghost, from(1)));
  EXPECT_FALSE(try_and_fail(limits, ghost, from(1)));
}

TEST_F(LimitsTest, AV6PrefixIsOneClient) {
  WaitingLimits limits(settings, clock, random);
  int placed = 0;
  for (int i = 1; i <= 30; ++i)
    placed += try_and_fail(limits, account(1), *ClientAddress::parse("2001:db8:1:2::" + std::to_string(i))) ? 1 : 0;
  EXPECT_EQ(placed, 10);
}

TEST_F(LimitsTest, FailuresAreCountedForTheFlushAndSuccessResetsTheConsecutiveOnes) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 3; ++i) try_and_fail(limits, account(7), from(1));
  limits.succeeded_sign_in(*limits.begin_sign_in(account(7), from(1)));
  try_and_fail(limits, account(7), from(1));

  const auto failures = limits.take_failures();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].account, AccountId{7});
  EXPECT_EQ(failures[0].counted, 4);
  EXPECT_EQ(failures[0].consecutive, 1);
  EXPECT_TRUE(limits.take_failures().empty());
}

TEST_F(LimitsTest, DisabledLimitsNothing) {
  settings.enabled = false;
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(try_and_fail(limits, account(1), from(1)));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limits.begin_registration(from(1)));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limits.begin_change(AccountId{1}));
}

TEST_F(LimitsTest, ChangesAreRationedByAccount) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(limits.begin_change(AccountId{1}));
  const auto refused = limits.begin_change(AccountId{1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, Refusal::limited);
  EXPECT_EQ(refused.error().retry_after, 10s);
  EXPECT_TRUE(limits.begin_change(AccountId{2}));
  EXPECT_EQ(limits.counts().refused_changes, 1U);
  EXPECT_TRUE(limits.begin_refresh(sha256("a sign-in of the same account")));
  clock.advance(10s);
  EXPECT_TRUE(limits.begin_change(AccountId{1}));
}

TEST_F(LimitsTest, RegistrationsAndUnknownSecretsAreRationedByPrefix) {
  WaitingLimits limits(settings, clock, random);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limits.begin_registration(from(1)));
  EXPECT_FALSE(limits.begin_registration(from(1)));
  EXPECT_TRUE(limits.begin_registration(from(2)));
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(limits.begin_unknown_secret(from(1)));
  EXPECT_FALSE(limits.begin_unknown_secret(from(1)));
  EXPECT_EQ(limits.counts().refused_registrations, 1U);
  EXPECT_EQ(limits.counts().refused_unknown_secrets, 1U);
}

}  // namespace
}  // namespace propusk::core
