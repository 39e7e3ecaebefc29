// LiveCredentials: what is opened is live, what is ended is not, and a late fill never brings it back.
#include "core/sessions/live_credentials.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;

class LiveCredentialsTest : public ::testing::Test {
 protected:
  Effects opened(std::string_view secret, std::int64_t account, Epoch epoch = 1) {
    Effects effects;
    effects.opened.push_back({sha256(secret), credential(account, epoch)});
    return effects;
  }
  LiveCredential credential(std::int64_t account, Epoch epoch = 1) {
    return {.account = AccountId{account},
            .epoch = epoch,
            .expires_at = clock.now() + 1h,
            .seen_at = clock.now(),
            .kind = CredentialKind::browser_session};
  }
  /// As the store has it.
  Credential stored(std::string_view secret, std::int64_t account) const {
    Credential credential;
    credential.digest = sha256(secret);
    credential.kind = CredentialKind::browser_session;
    credential.account = AccountId{account};
    credential.epoch = 1;
    credential.created_at = credential.seen_at = clock.now();
    credential.expires_at = clock.now() + 1h;
    return credential;
  }
  static Effects ended(std::string_view secret) {
    Effects effects;
    effects.ended.push_back(sha256(secret));
    return effects;
  }
  static Effects standing(std::int64_t account, std::optional<AccountStanding> now) {
    Effects effects;
    effects.standings.push_back({AccountId{account}, now});
    return effects;
  }
  Standing check(std::string_view secret) { return live.check(sha256(secret), clock.now()).standing; }

  testing::FakeClock clock;
  LiveCredentials live{10'000};
};

TEST_F(LiveCredentialsTest, OpenedIsLiveEndedIsUnknown) {
  EXPECT_EQ(check("a"), Standing::unknown);
  live.apply(opened("a", 5));
  EXPECT_EQ(check("a"), Standing::live);
  EXPECT_EQ(live.check(sha256("a"), clock.now()).account, AccountId{5});
  live.apply(ended("a"));
  EXPECT_EQ(check("a"), Standing::unknown);
}

TEST_F(LiveCredentialsTest, ExpiryEndsWithoutAnybodySayingSo) {
  live.apply(opened("a", 5));
  clock.advance(1h - 1us);
  EXPECT_EQ(check("a"), Standing::live);
  clock.advance(1us);
  EXPECT_EQ(check("a"), Standing::ended);
}

TEST_F(LiveCredentialsTest, IdleForTooLongIsAskedOfTheStore) {
  Effects effects = opened("a", 5);
  effects.opened[0].credential.idle_seconds = 600;
  effects.opened[0].credential.expires_at = clock.now() + 100h;
  live.apply(effects);
  clock.advance(10min + seen_resolution - 1us);
  EXPECT_EQ(check("a"), Standing::live);
  clock.advance(1us);
  EXPECT_EQ(check("a"), Standing::unknown);  // another node may have seen it
  live.note_seen(sha256("a"), clock.now());
  EXPECT_EQ(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, APendingAccountIsNotSignedIn) {
  live.apply(opened("a", 5));
  live.apply(standing(5, AccountStanding{1, AccountState::pending}));
  EXPECT_EQ(check("a"), Standing::disabled);
  live.apply(standing(5, AccountStanding{1, AccountState::active}));
  EXPECT_EQ(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, ANewEpochEndsEverythingOfTheAccountAndNothingElse) {
  live.apply(opened("a", 5));
  live.apply(opened("b", 5));
  live.apply(opened("c", 6));
  live.apply(standing(5, AccountStanding{2, AccountState::active}));
  EXPECT_EQ(check("a"), Standing::ended);
  EXPECT_EQ(check("b"), Standing::ended);
  EXPECT_EQ(check("c"), Standing::live);
}

TEST_F(LiveCredentialsTest, DisabledIsToldApart) {
  live.apply(opened("a", 5));
  live.apply(standing(5, AccountStanding{2, AccountState::disabled}));
  EXPECT_EQ(check("a"), Standing::disabled);
}

TEST_F(LiveCredentialsTest, AGoneAccountLeavesNothingLive) {
  live.apply(opened("a", 5));
  live.apply(standing(5, std::nullopt));
  EXPECT_EQ(check("a"), Standing::unknown);
}

TEST_F(LiveCredentialsTest, AnAccountDeletedOrResetInTheBatchOfItsSignInLeavesNothingLive) {
  Effects batch = opened("a", 5);
  batch.append(standing(5, std::nullopt));
  live.apply(batch);
  EXPECT_EQ(check("a"), Standing::unknown);

  batch = opened("b", 6);
  batch.append(standing(6, AccountStanding{2, AccountState::active}));
  live.apply(batch);
  EXPECT_EQ(check("b"), Standing::ended);
}

TEST_F(LiveCredentialsTest, AFillThatBeganBeforeAnEndingDoesNotSurviveIt) {
  const auto ticket = live.ticket();
  live.apply(ended("a"));
  live.fill(ticket, stored("a", 5), {1, AccountState::active});
  EXPECT_EQ(check("a"), Standing::unknown);

  live.fill(live.ticket(), stored("a", 5), {1, AccountState::active});
  EXPECT_EQ(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, AFillThatBeganBeforeANewEpochDoesNotSurviveIt) {
  const auto ticket = live.ticket();
  live.apply(standing(5, AccountStanding{2, AccountState::active}));
  live.fill(ticket, stored("a", 5), {1, AccountState::active});
  EXPECT_NE(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, AnUnknownOutcomeIsForgotten) {
  live.apply(opened("a", 5));
  const auto ticket = live.ticket();
  live.forget(ended("a"));
  EXPECT_EQ(check("a"), Standing::unknown);
  live.fill(ticket, stored("a", 5), {1, AccountState::active});
  EXPECT_EQ(check("a"), Standing::unknown);
}

TEST_F(LiveCredentialsTest, LastSeenIsCollectedForOneWrite) {
  live.apply(opened("a", 5));
  clock.advance(10min);
  live.note_seen(sha256("a"), clock.now());
  live.note_seen(sha256("nobody"), clock.now());
  const auto seen = live.take_seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].digest, sha256("a"));
  EXPECT_EQ(live.check(sha256("a"), clock.now()).seen_at, clock.now());
  EXPECT_TRUE(live.take_seen().empty());
}

TEST_F(LiveCredentialsTest, MemoryIsBounded) {
  LiveCredentials small(640);
  for (int i = 0; i < 5'000; ++i) small.apply(opened(std::to_string(i), i + 1));
  EXPECT_LE(small.size(), 640U + 64U);
  EXPECT_EQ(small.check(sha256("4999"), clock.now()).standing, Standing::live);
}

// Where transactions commit side by side, effects may come in any order.

TEST_F(LiveCredentialsTest, WhatWasOpenedSideBySideCountsUnlessItWasTouchedSince) {
  const EffectTicket ticket = live.ticket();
  live.apply(ticket, opened("a", 5));
  EXPECT_EQ(check("a"), Standing::live);

  const EffectTicket before = live.ticket();
  live.apply(live.ticket(), ended("b"));  // committed later, applied first
  live.apply(before, opened("b", 5));
  EXPECT_EQ(check("b"), Standing::unknown);
}

TEST_F(LiveCredentialsTest, AStandingThatChangedSideBySideIsReadAgain) {
  live.apply(live.ticket(), opened("a", 5));

  live.apply(live.ticket(), standing(5, AccountStanding{2, AccountState::active}));
  EXPECT_EQ(check("a"), Standing::unknown) << "not set: a later one may have been applied before";

  live.apply(opened("b", 6));
  Effects fresh = standing(6, AccountStanding{1, AccountState::active});
  fresh.standings[0].is_new = true;
  live.apply(live.ticket(), fresh);
  EXPECT_EQ(check("b"), Standing::live) << "nobody can have known a new account";
}

TEST_F(LiveCredentialsTest, NothingIsBelievedAfterItsTime) {
  live.apply(opened("a", 5));
  live.believe_until(clock.monotonic() + 1h, clock);
  EXPECT_EQ(check("a"), Standing::live);

  live.believe_until(clock.monotonic(), clock);

  EXPECT_EQ(check("a"), Standing::unknown);
  EXPECT_TRUE(live.knows(sha256("a")));
  EXPECT_FALSE(live.knows(sha256("b")));
  live.believe_until(clock.monotonic() + 1h, clock);
  EXPECT_EQ(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, WhatWasForgottenIsReadAgainBeforeItCounts) {
  live.apply(opened("a", 5));
  const EffectTicket before = live.ticket();

  live.forget_everything();

  EXPECT_EQ(check("a"), Standing::unknown);
  live.fill(before, stored("a", 5), {1, AccountState::active});
  EXPECT_EQ(check("a"), Standing::unknown) << "it was read before";
  live.fill(live.ticket(), stored("a", 5), {1, AccountState::active});
  EXPECT_EQ(check("a"), Standing::live);
}

TEST_F(LiveCredentialsTest, WhatWasForgottenStaysSoHoweverOftenItIsForgotten) {
  live.apply(opened("a", 5));
  for (int i = 0; i < 256; ++i) live.forget_everything();
  live.apply(opened("b", 5));  // the account is known again

  EXPECT_EQ(check("a"), Standing::unknown);
  EXPECT_EQ(check("b"), Standing::live);
}

}  // namespace
}  // namespace propusk::core
