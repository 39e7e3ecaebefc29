// The thin connection over libpq: values, violations, savepoints, conflicts, lost sessions and lost answers.
#include "stores/postgres/connection.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::postgres {
namespace {
using namespace std::chrono_literals;

class PostgresConnectionTest : public ::testing::Test {
 protected:
  PostgresConnectionTest() {
    connection.run_script(
        "CREATE TABLE t (id BIGINT, name TEXT, data BYTEA, "
        "CONSTRAINT t_id PRIMARY KEY (id))");
  }
  [[nodiscard]] ConnectionSettings settings() const { return {.url = database.url(), .purpose = "test"}; }
  Connection& open(std::optional<Connection>& place) {
    place.emplace(settings(), clock);
    place->set_deadline(clock.monotonic() + 10s);
    return *place;
  }
  static void insert(Connection& on, std::int64_t id) { on.run("INSERT INTO t (id, name) VALUES ($1, 'x')", {id}); }
  std::int64_t count() {
    auto rows = connection.query("SELECT count(*) FROM t", {});
    return rows.next() ? rows.row().integer(0) : -1;
  }
  void end_session_of(Connection& other) {
    auto rows = other.query("SELECT pg_backend_pid()", {});
    ASSERT_TRUE(rows.next());
    database.as_superuser("SELECT pg_terminate_backend(" + std::to_string(rows.row().integer(0)) + ", 5000)");
  }

  testing::TestDatabase database;
  propusk::testing::FakeClock clock;
  Connection connection{settings(), clock};
};

TEST_F(PostgresConnectionTest, ValuesComeBackAsTheyWere) {
  const std::string text = "Пропуск '\\ \"";
  const std::array<std::byte, 3> bytes{std::byte{0}, std::byte{255}, std::byte{'\\'}};
  connection.run("INSERT INTO t VALUES ($1, $2, $3)",
                 {std::int64_t{INT64_MIN}, text, std::span<const std::byte>(bytes)});
  connection.run("INSERT INTO t VALUES ($1, $2, $3)", {std::int64_t{-1}, std::string_view(), nullptr});

  auto rows = connection.query("SELECT id, name, data, id IS NULL FROM t ORDER BY id", {});

  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), INT64_MIN);
  EXPECT_EQ(rows.row().text(1), text);
  EXPECT_TRUE(std::ranges::equal(rows.row().bytes(2), bytes));
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), -1);
  EXPECT_FALSE(rows.row().is_null(1)) << "an empty text is not NULL";
  EXPECT_TRUE(rows.row().is_null(2));
  EXPECT_FALSE(rows.next());
}

TEST_F(PostgresConnectionTest, AViolationNamesItsConstraintAndTheTransactionGoesOn) {
  connection.begin_write();
  insert(connection, 1);

  const auto again = connection.execute("INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}});
  const auto other = connection.execute("INSERT INTO t (id) VALUES ($1)", {std::int64_t{2}});
  connection.commit();

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().constraint, "t_id");
  ASSERT_TRUE(other);
  EXPECT_EQ(*other, 1U);
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresConnectionTest, SavepointsRollBackTheirOwn) {
  connection.begin_write();
  connection.savepoint();
  insert(connection, 1);
  connection.release_savepoint();
  connection.savepoint();
  insert(connection, 2);
  connection.rollback_to_savepoint();
  EXPECT_EQ(connection.try_commit(), CommitOutcome::durable);

  EXPECT_EQ(count(), 1);
}

TEST_F(PostgresConnectionTest, ARollbackThatNobodyWaitedForIsOverBeforeTheNextStatement) {
  for (int i = 0; i < 3; ++i) {
    connection.begin_write();
    insert(connection, 1);
    connection.rollback();
  }
  connection.begin_write();
  connection.rollback();  // nothing was sent

  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresConnectionTest, TransactionsThatDoNotAgreeConflict) {
  std::optional<Connection> place;
  Connection& other = open(place);
  const auto read_and_write = [](Connection& on, std::int64_t mine) {
    auto rows = on.query("SELECT count(*) FROM t WHERE id > 0", {});
    ASSERT_TRUE(rows.next());
    insert(on, mine);
  };
  connection.begin_write();
  other.begin_write();
  read_and_write(connection, 1);
  read_and_write(other, 2);

  EXPECT_EQ(connection.try_commit(), CommitOutcome::durable);
  EXPECT_EQ(other.try_commit(), CommitOutcome::conflict);

  EXPECT_EQ(count(), 1);
  other.begin_write();
  read_and_write(other, 2);
  EXPECT_EQ(other.try_commit(), CommitOutcome::durable) << "again, it succeeds";
}

TEST_F(PostgresConnectionTest, AFailedStatementFailsTheTransactionOnly) {
  connection.begin_write();
  insert(connection, 1);
  EXPECT_THROW(connection.run("SELECT 1 / ($1 - 1)", {std::int64_t{1}}), Outage);
  EXPECT_TRUE(connection.has_failed());
  EXPECT_FALSE(connection.is_lost());
  connection.rollback();

  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresConnectionTest, TextThatTheDatabaseDoesNotTakeIsAnOutage) {
  EXPECT_THROW(connection.run("INSERT INTO t (id, name) VALUES (1, $1)", {std::string_view("\xff")}), Outage);
  connection.rollback();
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresConnectionTest, ASessionThatWasEndedIsLost) {
  std::optional<Connection> place;
  Connection& other = open(place);
  end_session_of(other);

  EXPECT_THROW(insert(other, 1), Outage);

  EXPECT_TRUE(other.is_lost());
  EXPECT_THROW(insert(other, 1), Outage);
}

TEST_F(PostgresConnectionTest, NothingIsWaitedForBeyondTheDeadline) {
  const auto before = clock.monotonic();
  connection.set_deadline(clock.monotonic() + 50ms);

  EXPECT_THROW(connection.run("SELECT pg_sleep(60)", {}), Outage);

  EXPECT_TRUE(connection.is_lost());
  EXPECT_LT(clock.monotonic() - before, 10s);
}

TEST_F(PostgresConnectionTest, TheServerEndsAStatementThatTakesTooLong) {
  Connection impatient({.url = database.url(), .purpose = "test", .statement_timeout = 50ms}, clock);

  EXPECT_THROW(impatient.run("SELECT pg_sleep(60)", {}), Outage);

  EXPECT_FALSE(impatient.is_lost());
}

TEST_F(PostgresConnectionTest, WhatBecameOfATransactionIsFoundOutByItsNumber) {
  std::optional<Connection> place;
  Connection& other = open(place);
  other.begin_write();
  EXPECT_FALSE(other.xact_id());
  insert(other, 1);
  const auto committed = other.xact_id();
  ASSERT_TRUE(committed);
  EXPECT_EQ(connection.outcome_of(*committed), CommitOutcome::unknown) << "it is under way";
  other.commit();
  other.begin_write();
  insert(other, 2);
  const auto aborted = other.xact_id();
  ASSERT_TRUE(aborted);
  other.rollback();
  insert(other, 3);  // the rollback is over

  EXPECT_EQ(connection.outcome_of(*committed), CommitOutcome::durable);
  EXPECT_EQ(connection.outcome_of(*aborted), CommitOutcome::rolled_back);
  EXPECT_EQ(connection.server(), other.server());
}

TEST_F(PostgresConnectionTest, NotificationsArrive) {
  connection.run("LISTEN propusk", {});
  std::optional<Connection> place;
  open(place).run("NOTIFY propusk, 'news'", {});

  connection.wait_for_news(clock.monotonic() + 10s);

  EXPECT_EQ(connection.take_notification(), "news");
  EXPECT_EQ(connection.take_notification(), std::nullopt);
}

TEST_F(PostgresConnectionTest, WithALifeForPlansAStatementIsNotPlannedEachTime) {
  for (const seconds life : {10s, 0s}) {
    ConnectionSettings wanted = settings();
    wanted.plan_life = life;
    Connection tested(wanted, clock);
    for (int i = 0; i < 10; ++i) {
      auto rows = tested.query("SELECT name FROM t WHERE id = ANY ($1::text::bigint[])", {"{1}"});
      EXPECT_FALSE(rows.next());
    }
    auto rows = tested.query("SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE '%ANY%'", {});
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.row().integer(0), life > 0s ? 0 : 10);
  }
}

TEST_F(PostgresConnectionTest, APlanForASmallTableDoesNotOutliveItsTime) {
  ConnectionSettings wanted = settings();
  wanted.plan_life = 10s;
  Connection tested(wanted, clock);
  tested.set_deadline(clock.monotonic() + 1min);
  const auto plan = [&tested] {
    auto rows = tested.query("EXPLAIN EXECUTE s1 (1)", {});  // the first one of a connection
    return std::string(rows.next() ? rows.row().text(0) : "");
  };
  connection.run_script("ALTER TABLE t SET (autovacuum_enabled = off)");
  connection.run_script("VACUUM ANALYZE t");
  tested.run("SELECT data FROM t WHERE id = $1", {std::int64_t{1}});
  const std::string for_none = plan();
  connection.run("INSERT INTO t SELECT n, 'x' FROM generate_series(1, 10000) n", {});

  EXPECT_EQ(plan(), for_none);
  clock.advance(10s);
  EXPECT_NE(plan(), for_none);
}

TEST_F(PostgresConnectionTest, AServerThatIsNotThereIsASentence) {
  try {
    Connection nowhere({.url = "postgresql://propusk@127.0.0.1:1/none", .purpose = "test"}, clock);
    FAIL();
  } catch (const Outage& outage) {
    EXPECT_NE(std::string(outage.what()).find("refused"), std::string::npos) << outage.what();
  }
}

}  // namespace
}  // namespace propusk::postgres
