// Refreshing: what costs a write, and for whom.
#include "core/tokens/refresh.hpp"

#include <gtest/gtest.h>

#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using stores::testing::run;

class Refreshing : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::int64_t id : {1, 2}) {
      Credential sign_in = stores::testing::credential("sign-in " + std::to_string(id), id);
      sign_in.kind = CredentialKind::jwt_refresh;
      sign_in.created_at = sign_in.seen_at = clock.now();
      sign_in.expires_at = clock.now() + 24h;
      write([sign_in, id, current = sha256(token_id.reveal())](Transaction& t) {
        t.accounts().insert(stores::testing::account(id));
        t.credentials().insert(sign_in);
        t.credentials().put_chain(
            {.credential = sign_in.digest, .current = current, .previous = {}, .rotated_at = sign_in.created_at});
      });
    }
  }
  void write(const std::function<void(Transaction&)>& change) {
    ASSERT_TRUE(run(store->write(
        [change](Transaction& t) -> Result<bool> {
          change(t);
          return true;
        },
        Deadline::max())));
  }
  /// Presents the first token of an account's sign-in; nothing: it got the next one.
  std::optional<Refusal> refresh(std::int64_t id) {
    const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
    const auto refreshed = run(refresh_tokens({sha256("sign-in " + std::to_string(id)), token_id}, caller,
                                              {{*store, live, limits, clock, random}, counters}));
    return refreshed ? std::nullopt : std::optional(refreshed.error().why);
  }
  std::uint64_t writes() { return store->figures().writes; }

  testing::FakeClock clock;
  testing::SeededRandom random;
  const Secret<> token_id = new_token_id(random);
  LiveCredentials live{100};
  LimitSettings allowances{.changes_per_account = {2, 10s}};
  Limits limits{allowances, clock, random};
  OutcomeCounters counters;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
};

TEST_F(Refreshing, ATokenOfASignInThatHasEndedCostsNoWrite) {
  const std::uint64_t at_first = writes();
  EXPECT_EQ(refresh(1), std::nullopt);
  EXPECT_GT(writes(), at_first) << "one that has not ended does";
  write([](Transaction& t) { t.credentials().erase(sha256("sign-in 1")); });
  const std::uint64_t before = writes();

  for (int i = 0; i < 5; ++i) EXPECT_EQ(refresh(1), Refusal::not_signed_in);

  EXPECT_EQ(writes(), before);
}

TEST_F(Refreshing, ASignInIsLimitedForItselfAndWhatIsRefusedCostsNoWrite) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(refresh(1), std::nullopt);
  const std::uint64_t before = writes();

  for (int i = 0; i < 5; ++i) EXPECT_EQ(refresh(1), Refusal::limited);

  EXPECT_EQ(writes(), before);
  EXPECT_EQ(refresh(2), std::nullopt);
  clock.advance(10s);
  EXPECT_EQ(refresh(1), std::nullopt);
}

TEST_F(Refreshing, AUsedTokenEndsItsChainWhoeverHasUsedUpThePlaces) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(refresh(1), std::nullopt);
  ASSERT_EQ(refresh(1), Refusal::limited);
  write([at = clock.now()](Transaction& t) {  // as after two more exchanges by somebody else
    RefreshChain chain = t.credentials().find_chain(sha256("sign-in 1")).value();
    chain.current = sha256("third");
    chain.previous = sha256("second");
    chain.rotations = 3;
    chain.rotated_at = at;
    t.credentials().put_chain(chain);
  });

  EXPECT_EQ(refresh(1), Refusal::not_signed_in);
  EXPECT_FALSE(run(store->read(
      [](const Transaction& t) { return t.credentials().find(sha256("sign-in 1")).has_value(); }, Deadline::max())));
}

}  // namespace
}  // namespace propusk::core
