// Two nodes on one database: what one ends the other forgets, and what neither hears is not believed.
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <sstream>
#include <vector>

#include "core/sessions/live_credentials.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"
#include "stores/postgres/store.hpp"
#include "stores/postgres/testing/test_database.hpp"
#include "stores/postgres/testing/unreplicated_commit.hpp"

namespace propusk::postgres {
namespace {
using namespace std::chrono_literals;
using core::AccountId, core::Transaction, stores::testing::run;

/// A node as the server has it: a store with a memory of its own.
class Node {
 public:
  Node(const testing::TestDatabase& database, std::uint64_t seed)
      : random_(seed),
        store_({.url = database.url(), .connections = 3, .statement_timeout = stores::testing::busy_machine_patience},
               live, clock, random_) {}

  void write(std::function<void(Transaction&)> change) {
    auto closure = [change = std::move(change)](Transaction& transaction) -> core::Result<bool> {
      change(transaction);
      return true;
    };
    ASSERT_TRUE(run(store_.write(closure, clock.monotonic() + 10s)));
  }
  /// Reads the credential as a check does, and remembers it.
  void remember(const std::string& secret) {
    const auto ticket = live.ticket();
    const auto row = run(store_.read(
        [digest = sha256(secret)](const Transaction& transaction) {
          auto credential = transaction.credentials().find(digest);
          return std::pair(credential, transaction.credentials().standing(credential.value().account));
        },
        clock.monotonic() + 10s));
    live.fill(ticket, row.first.value(), row.second.value());
  }
  core::Standing check(const std::string& secret) { return live.check(sha256(secret), instant(50)).standing; }
  /// Whether `secret` has this standing within a second, the bound of DESIGN.md §5.
  bool comes_to(core::Standing standing, const std::string& secret) {
    const auto until = clock.monotonic() + 1s;
    while (check(secret) != standing && clock.monotonic() < until) std::this_thread::yield();
    return check(secret) == standing;
  }
  PostgresStore& store() { return store_; }

  propusk::testing::FakeClock clock;
  core::LiveCredentials live{1'000};

 private:
  propusk::testing::SeededRandom random_;
  PostgresStore store_;
};

class PostgresNodesTest : public ::testing::Test {
 protected:
  PostgresNodesTest() {
    here.write([](Transaction& t) {
      t.accounts().insert(stores::testing::account(1));
      t.credentials().insert(stores::testing::credential("one", 1));
      t.credentials().insert(stores::testing::credential("two", 1));
    });
    there.remember("one");
    there.remember("two");
  }
  testing::TestDatabase database;
  Node here{database, 1}, there{database, 2};
};

/// Connections that are open while nothing comes from them, as on a machine that has too much to do.
class StoppedListeners {
 public:
  explicit StoppedListeners(const testing::TestDatabase& database) {
    const std::string pids = database.as_superuser(
        "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name = 'propusk listener' AND "
        "datname = current_database()");
    std::istringstream in(pids);
    for (pid_t pid = 0; in >> pid;) pids_.push_back(pid);
    signal_all(SIGSTOP);
  }
  ~StoppedListeners() { signal_all(SIGCONT); }
  StoppedListeners(const StoppedListeners&) = delete;
  StoppedListeners& operator=(const StoppedListeners&) = delete;

 private:
  void signal_all(int signal) const {
    for (const pid_t pid : pids_) EXPECT_EQ(::kill(pid, signal), 0);
  }
  std::vector<pid_t> pids_;
};

TEST_F(PostgresNodesTest, WhatOneNodeOpensIsLiveThereAtOnceAndElsewhereOnceRead) {
  EXPECT_EQ(here.check("one"), core::Standing::live);
  EXPECT_EQ(there.check("one"), core::Standing::live);
}

TEST_F(PostgresNodesTest, WhatOneNodeEndsTheOtherForgets) {
  here.write([](Transaction& t) { t.credentials().erase(sha256("one")); });

  EXPECT_EQ(here.check("one"), core::Standing::unknown) << "at once where it was ended";
  EXPECT_TRUE(there.comes_to(core::Standing::unknown, "one"));
  EXPECT_EQ(there.check("two"), core::Standing::live);
}

TEST_F(PostgresNodesTest, AnEndOfEverythingAndADisabledAccountAreForgottenElsewhere) {
  here.write([](Transaction& t) { t.accounts().end_everything(AccountId{1}); });
  EXPECT_TRUE(there.comes_to(core::Standing::unknown, "two"));

  there.remember("two");
  EXPECT_EQ(there.check("two"), core::Standing::ended);
}

TEST_F(PostgresNodesTest, ARefillThatBeganBeforeTheEndingDoesNotSurviveIt) {
  const auto ticket = there.live.ticket();
  here.write([](Transaction& t) { t.credentials().erase(sha256("one")); });
  ASSERT_TRUE(there.comes_to(core::Standing::unknown, "one"));

  there.live.fill(ticket, stores::testing::credential("one", 1), {1, core::AccountState::active});

  EXPECT_EQ(there.check("one"), core::Standing::unknown);
}

TEST_F(PostgresNodesTest, ANodeThatDoesNotKnowWhatItCommittedHearsItsOwnEndings) {
  stores::testing::EffectLog effects;
  propusk::testing::SeededRandom random(3);
  PostgresStore store({.url = database.url(), .connections = 2}, effects, here.clock, random);
  const auto erase = [&](const char* secret) {
    auto closure = [secret](Transaction& t) -> core::Result<bool> {
      t.credentials().erase(sha256(secret));
      return true;
    };
    return run(store.write(closure, here.clock.monotonic() + 10s));
  };
  testing::warn_endings(database);
  EXPECT_THROW(erase("one"), Outage);
  testing::unwarn_endings(database);

  EXPECT_TRUE(erase("two"));

  const auto is_heard = [&] { return std::ranges::count(effects.forgotten().ended, sha256("two")) != 0; };
  const auto until = here.clock.monotonic() + 1s;
  while (!is_heard() && here.clock.monotonic() < until) std::this_thread::yield();
  EXPECT_TRUE(is_heard());
}

TEST_F(PostgresNodesTest, WithoutItsEchoANodeBelievesNothing) {
  database.end_sessions("propusk listener");

  EXPECT_TRUE(there.comes_to(core::Standing::unknown, "two")) << "a gap: whatever was remembered is read again";
  EXPECT_TRUE(there.live.knows(sha256("two"))) << "but asking for it is no guess";
  there.remember("two");
  EXPECT_TRUE(there.comes_to(core::Standing::live, "two"));
}

TEST_F(PostgresNodesTest, ALateEchoIsNoReasonToSendPeopleElsewhere) {
  const StoppedListeners stopped(database);

  EXPECT_TRUE(there.comes_to(core::Standing::unknown, "two")) << "what is in memory is not believed";
  EXPECT_TRUE(there.store().figures().reachable) << "but the database answers, and elsewhere it is as late";
}

TEST_F(PostgresNodesTest, ALostConnectionIsOneOnceNothingIsBelieved) {
  database.as_superuser("ALTER DATABASE " + database.as_superuser("SELECT current_database()") + " CONNECTION LIMIT 0");
  database.end_sessions("propusk listener");

  EXPECT_TRUE(there.comes_to(core::Standing::unknown, "two"));
  EXPECT_FALSE(there.store().figures().reachable);
}

TEST_F(PostgresNodesTest, AWriteGoesOnWhenItsConnectionWasCutBefore) {
  database.end_sessions("propusk worker");

  here.write([](Transaction& t) { t.accounts().insert(stores::testing::account(2)); });

  EXPECT_GE(here.store().figures().reconnects, 1U);
}

TEST_F(PostgresNodesTest, OneOfManyTakesAChore) {
  int taken = 0;
  const auto take = [&taken](Transaction& t) { taken += t.chores().take("sweep", instant(100), instant(200)) ? 1 : 0; };
  here.write(take);
  there.write(take);
  EXPECT_EQ(taken, 1);
  there.write([&taken](Transaction& t) { taken += t.chores().take("sweep", instant(200), instant(300)) ? 1 : 0; });
  EXPECT_EQ(taken, 2);
}

TEST_F(PostgresNodesTest, TokensOfABucketAreCountedOverAllNodes) {
  const core::Allowance ten{.burst = 10, .refill = 60s};
  int taken = 0;
  for (int i = 0; i < 20; ++i) {
    core::SharedBuckets& buckets = *(i % 2 ? here : there).store().shared_buckets();
    const auto wait =
        run(buckets.take({{.bucket = 5, .allowance = ten}}, instant(1'000'000), here.clock.monotonic() + 10s));
    taken += wait.count() == 0 ? 1 : 0;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(here.store().shared_buckets()->seed(), there.store().shared_buckets()->seed());
}

TEST_F(PostgresNodesTest, ATokenOfEveryBucketOrOfNone) {
  core::SharedBuckets& buckets = *here.store().shared_buckets();
  const core::Allowance one{.burst = 1, .refill = 60s}, many{.burst = 3, .refill = 60s};
  const auto take = [&](std::vector<core::BucketStep> steps) {
    return run(buckets.take(std::move(steps), instant(1'000'000), here.clock.monotonic() + 10s));
  };
  EXPECT_EQ(take({{.bucket = 1, .allowance = one}, {.bucket = 2, .allowance = many}}), 0us);

  EXPECT_EQ(take({{.bucket = 1, .allowance = one}, {.bucket = 2, .allowance = many}}), 60s);
  EXPECT_EQ(take({{.bucket = 2, .allowance = many}}), 0us);
  EXPECT_EQ(take({{.bucket = 2, .allowance = many}}), 0us) << "the refused take took nothing";
  EXPECT_EQ(take({{.bucket = 2, .allowance = many}}), 60s);
}

TEST_F(PostgresNodesTest, EveryTextComparesByItsBytes) {
  EXPECT_EQ(database.as_superuser("SELECT string_agg(table_name || '.' || column_name, ' ') FROM "
                                  "information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' "
                                  "AND collation_name IS DISTINCT FROM 'C' "
                                  "AND table_name <> 'schema_migrations'"),
            "");
}

}  // namespace
}  // namespace propusk::postgres
