// Sessions: a credential that is used lives on, whether it is in memory or not.
#include "core/sessions/sessions.hpp"

#include <gtest/gtest.h>

#include "core/upkeep/upkeep.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using stores::testing::run;

class Sessions : public ::testing::Test {
 protected:
  void SetUp() override {
    Credential token = stores::testing::credential("token", 1);
    token.kind = CredentialKind::auth_token;
    token.created_at = token.seen_at = clock.now();
    token.expires_at = clock.now() + days(180);
    token.idle = 24h;
    auto closure = [token](Transaction& t) -> Result<bool> {
      t.accounts().insert(stores::testing::account(1));
      t.credentials().insert(token);
      return true;
    };
    ASSERT_TRUE(run(store->write(closure, Deadline::max())));
  }
  /// The standing of the token where memory has forgotten it.
  Standing check(LiveCredentials& live, CredentialKind kind = CredentialKind::auth_token) {
    const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
    return run(check_session_in_store(sha256("token"), kind, caller, {*store, live, limits, clock, random}))->standing;
  }
  void flush(LiveCredentials& live) {
    EXPECT_TRUE(run(flushed(Deadline::max(), {*store, live, limits, clock, random})));
  }
  Instant seen_at() {
    return run(store->read([](const Transaction& t) { return t.credentials().find(sha256("token")); }, Deadline::max()))
        ->seen_at;
  }

  testing::FakeClock clock;
  testing::SeededRandom random;
  Limits limits{{}, clock, random};
  stores::testing::EffectLog effects;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(effects, clock);

 private:
  static Task<bool> flushed(Deadline deadline, UpkeepDeps deps) {
    co_await flush_seen(deadline, deps);
    co_return true;
  }
};

TEST_F(Sessions, OneThatIsNeverInMemoryDoesNotEndWhileItIsUsed) {
  for (int use = 0; use < 5; ++use) {
    clock.advance(20h);
    LiveCredentials forgetful(10);
    EXPECT_EQ(check(forgetful), Standing::live) << use;
    flush(forgetful);
    EXPECT_EQ(seen_at(), clock.now()) << use;
  }
  clock.advance(25h);
  LiveCredentials forgetful(10);
  EXPECT_EQ(check(forgetful), Standing::ended) << "unused, it does";
  EXPECT_TRUE(forgetful.take_seen().empty());
}

TEST_F(Sessions, OneThatWasSeenWithinTheHourIsNotWrittenAgain) {
  LiveCredentials forgetful(10);
  clock.advance(1h - 1us);
  EXPECT_EQ(check(forgetful), Standing::live);
  EXPECT_TRUE(forgetful.take_seen().empty());
  clock.advance(1us);
  EXPECT_EQ(check(forgetful), Standing::live);
  EXPECT_EQ(forgetful.take_seen().size(), 1U);
}

TEST_F(Sessions, OneThatIsPresentedAsAnotherKindWasNotUsed) {
  LiveCredentials forgetful(10);
  clock.advance(2h);
  EXPECT_EQ(check(forgetful, CredentialKind::browser_session), Standing::ended);
  EXPECT_TRUE(forgetful.take_seen().empty());
}

}  // namespace
}  // namespace propusk::core
