// Signing keys over time: made, announced, used, believed and forgotten, as core/keys promises.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "base/testing/fake_clock.hpp"
#include "core/keys/keys.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/jose/key_ring.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::testing {
namespace {
using core::SigningAlgorithm;
using std::chrono::days, std::chrono::hours;
using stores::testing::run;

class SigningKeys : public ::testing::Test {
 protected:
  [[nodiscard]] core::KeyDeps deps() { return {*store, ring, clock, random, policy}; }
  Task<bool> tended() {
    co_await core::tend_keys(soon(), deps());
    co_return true;
  }
  void tend() { run(tended()); }
  [[nodiscard]] Deadline soon() const { return clock.monotonic() + seconds{30}; }
  std::vector<core::SigningKey> keys() { return run(core::list_keys(soon(), deps())); }
  [[nodiscard]] std::string sign() const { return ring.sign(R"({"a":1})", clock.now()); }
  [[nodiscard]] bool believes(const std::string& token) const { return ring.verify(token, clock.now()).has_value(); }
  [[nodiscard]] std::size_t published() const {
    return boost::json::parse(ring.published(clock.now())).at("keys").as_array().size();
  }

  FakeClock clock;
  SeededRandom random;
  stores::testing::EffectLog effects;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(effects, clock);
  core::KeyPolicy policy{.algorithm = SigningAlgorithm::es256};
  platform::JoseKeyRing ring{platform::open_key_file(directory.path() / "keys" / "sealing.key", random), random};
};

TEST_F(SigningKeys, TheFirstKeySignsAtOnce) {
  tend();
  EXPECT_EQ(keys().size(), 1U);
  EXPECT_TRUE(believes(sign()));
  tend();
  EXPECT_EQ(keys().size(), 1U);
}

TEST_F(SigningKeys, TheNextKeyIsPublishedBeforeItSigns) {
  tend();
  const std::string first = keys()[0].kid;
  clock.advance(policy.period - policy.lead);
  tend();
  ASSERT_EQ(keys().size(), 2U);
  EXPECT_EQ(published(), 2U);
  EXPECT_EQ(keys()[1].kid, first);
  const std::string by_first = sign();
  clock.advance(policy.lead);
  const std::string by_next = sign();
  EXPECT_NE(by_first.substr(0, by_first.find('.')), by_next.substr(0, by_next.find('.')));  // another kid
  EXPECT_TRUE(believes(by_first));
}

TEST_F(SigningKeys, AnOldKeyIsBelievedUntilItsLastTokenHasExpiredAndThenGoes) {
  tend();
  clock.advance(policy.period - policy.lead);
  tend();
  clock.advance(policy.lead - seconds{1});
  const std::string last = sign();
  clock.advance(policy.longest_token);
  EXPECT_TRUE(believes(last));
  clock.advance(seconds{2});
  EXPECT_FALSE(believes(last));
  tend();
  EXPECT_EQ(keys().size(), 1U);
}

TEST_F(SigningKeys, AnotherAlgorithmMeansAnotherKey) {
  tend();
  const std::string old = sign();
  policy.algorithm = SigningAlgorithm::eddsa;
  tend();
  ASSERT_EQ(keys().size(), 2U);
  EXPECT_EQ(keys()[0].algorithm, SigningAlgorithm::eddsa);
  EXPECT_TRUE(believes(old));
}

TEST_F(SigningKeys, AnUrgentRotationEndsEveryTokenOfTheOldKeys) {
  tend();
  const std::string old = sign();
  ASSERT_TRUE(run(core::rotate_keys("operator test", true, soon(), deps())));
  EXPECT_FALSE(believes(old));
  EXPECT_TRUE(believes(sign()));
}

TEST_F(SigningKeys, AnOrdinaryRotationEndsNone) {
  tend();
  const std::string old = sign();
  ASSERT_TRUE(run(core::rotate_keys("operator test", false, soon(), deps())));
  EXPECT_TRUE(believes(old));
  clock.advance(policy.lead + seconds{1});
  EXPECT_TRUE(believes(old));
  EXPECT_TRUE(believes(sign()));
}

TEST_F(SigningKeys, ARotationLeavesAnEventWithoutTheKey) {
  tend();
  ASSERT_TRUE(run(core::rotate_keys("operator test", false, soon(), deps())));
  const auto events =
      run(store->read([](const core::Transaction& t) { return t.audit().list(std::nullopt, 10); }, soon()));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].action, core::AuditAction::signing_key_made);
  for (const auto& event : events) EXPECT_TRUE(event.detail.starts_with("kid=")) << event.detail;
}

TEST_F(SigningKeys, RowsHoldNoKeyThatOpensWithoutTheKeyFile) {
  tend();
  const auto rows = keys();
  platform::JoseKeyRing stranger{platform::open_key_file(directory.path() / "other" / "sealing.key", random), random};
  EXPECT_THROW(stranger.take(rows), Outage);
}

TEST_F(SigningKeys, AnUrgentRotationHelpsWhereTheKeyFileIsLost) {
  tend();
  platform::JoseKeyRing fresh{platform::open_key_file(directory.path() / "other" / "sealing.key", random), random};
  core::KeyDeps with_fresh{*store, fresh, clock, random, policy};
  ASSERT_TRUE(run(core::rotate_keys("operator test", true, soon(), with_fresh)));
  EXPECT_EQ(keys().size(), 1U);
  EXPECT_TRUE(fresh.verify(fresh.sign(R"({"a":1})", clock.now()), clock.now()));
}

}  // namespace
}  // namespace propusk::testing
