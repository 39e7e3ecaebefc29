// Cards: what is shown is never older than the last acknowledged change, whoever fills meanwhile.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/sessions/sessions.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core {
namespace {
using stores::testing::account, stores::testing::run;

class Cards : public ::testing::Test {
 protected:
  void rename(const std::string& name) {
    auto closure = [name](Transaction& t) -> Result<bool> {
      return t.accounts().set_username(AccountId{1}, name, name) == Inserted::yes;
    };
    ASSERT_TRUE(run(store->write(closure, Deadline::max())).value());
  }
  std::string shown() {
    const SharedCard card = of(1);
    return card ? card->username : "";
  }
  SharedCard of(std::int64_t id) {
    const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
    return run(find_card(AccountId{id}, caller, {*store, live, limits, clock, random}));
  }
  void SetUp() override {
    auto closure = [](Transaction& t) -> Result<bool> {
      Account ann = account(1, "ann");
      ann.email = "ann@example.org";
      return t.accounts().insert(ann) == Inserted::yes;
    };
    ASSERT_TRUE(run(store->write(closure, Deadline::max())).value());
  }

  LiveCredentials live{1'000};
  testing::FakeClock clock;
  testing::SeededRandom random;
  Limits limits{{}, clock, random};
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
};

TEST_F(Cards, AreFilledByTheFirstLook) {
  EXPECT_FALSE(live.card(AccountId{1}));
  EXPECT_EQ(shown(), "ann");
  ASSERT_TRUE(live.card(AccountId{1}));
  EXPECT_EQ(live.card(AccountId{1})->email, "ann@example.org");
}

TEST_F(Cards, OfNobodyAreNotKept) {
  EXPECT_FALSE(of(2));
  EXPECT_FALSE(live.card(AccountId{2}));
}

TEST_F(Cards, GoWithAChange) {
  EXPECT_EQ(shown(), "ann");
  rename("bob");
  EXPECT_FALSE(live.card(AccountId{1}));
  EXPECT_EQ(shown(), "bob");
}

TEST_F(Cards, NoFillSurvivesAChangeThatWasAcknowledgedMeanwhile) {
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) shown();
  });
  for (int i = 0; i < 300; ++i) {
    const std::string name = "name-" + std::to_string(i);
    rename(name);
    EXPECT_EQ(shown(), name);
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace propusk::core
