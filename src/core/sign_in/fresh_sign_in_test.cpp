// FreshSignIn: for how long a sign-in vouches for its owner, and which kinds of credential do.
#include "core/sign_in/fresh_sign_in.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;

class FreshSignIns : public ::testing::Test {
 protected:
  FreshSignIns() {
    owned.account.id = AccountId{7};
    owned.account.epoch = owned.credential.epoch = 3;
    owned.credential.account = AccountId{7};
    owned.credential.created_at = owned.credential.seen_at = clock.now();
  }
  /// Nothing: it vouches.
  [[nodiscard]] std::optional<Refusal> refusal() const {
    const auto proof = FreshSignIn::verify(owned, clock.now());
    return proof ? std::nullopt : std::optional(proof.error().why);
  }

  testing::FakeClock clock;
  OwnedCredential owned;
};

TEST_F(FreshSignIns, VouchForTheirAccountAsItIsNow) {
  clock.advance(1min);
  const auto proof = FreshSignIn::verify(owned, clock.now());
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->account(), AccountId{7});
  EXPECT_EQ(proof->epoch(), 3);
  EXPECT_EQ(proof->at(), clock.now());
  EXPECT_EQ(proof->method(), FactorMethod::fresh_sign_in);
}

TEST_F(FreshSignIns, VouchForTenMinutesAndNotForAMicrosecondMore) {
  clock.advance(10min);
  EXPECT_EQ(refusal(), std::nullopt);
  clock.advance(1us);
  EXPECT_EQ(refusal(), Refusal::not_fresh);
}

TEST_F(FreshSignIns, AreNotMadeFreshByUse) {
  clock.advance(10min + 1us);
  owned.credential.seen_at = clock.now();
  EXPECT_EQ(refusal(), Refusal::not_fresh);
}

TEST_F(FreshSignIns, AreOfEveryKindButAccessTokensThatComeWithoutAnybody) {
  for (const CredentialKindRow& row : credential_kinds) {
    owned.credential.kind = row.kind;
    const auto expected =
        row.kind == CredentialKind::oauth_access ? std::optional(Refusal::not_fresh) : std::optional<Refusal>();
    EXPECT_EQ(refusal(), expected) << row.name;
  }
}

}  // namespace
}  // namespace propusk::core
