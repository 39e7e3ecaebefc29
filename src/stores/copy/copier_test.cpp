// What a copy must keep, where it must stop, and what it must notice; between both databases, both ways.
#include "stores/copy/copier.hpp"

#include <gmock/gmock.h>

#include <map>
#include <thread>

#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/copy/reader.hpp"
#include "stores/copy/testing/filled_store.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/connection.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::copy {
namespace {
using namespace testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int several_batches = 2 * rows_at_once + 17;
const Progress unwatched = [](std::string_view, std::int64_t) {};

struct Cut {};

class PostgresCopier : public ::testing::Test {
 protected:
  std::unique_ptr<Side> file(const char* name) { return migrated(open_sqlite(directory.path() / name, File::written)); }
  std::unique_ptr<Side> server() { return migrated(open_postgres(database.url(), clock)); }
  std::unique_ptr<Side> migrated(std::unique_ptr<Side> side) {
    sql::migrate(side->connection(), sql::all_migrations(), clock.now());
    return side;
  }
  static std::string difference(Side& from, Side& into) {
    try {
      compare(from, into, {}, unwatched);
      return "";
    } catch (const Difference& difference) {
      return difference.cause();
    }
  }
  /// Stops at the nth batch, as a killed process does.
  static void copy_cut_short(Side& from, Side& into, int batches) {
    const Progress cut = [&](std::string_view, std::int64_t) {
      if (--batches == 0) throw Cut{};
    };
    EXPECT_THROW(copy_resumably(from, into, cut), Cut);
  }
  void cut_short_and_completed(Side& into) {
    const auto from = file("from.db");
    fill(*from, several_batches, clock);
    copy_cut_short(*from, into, 2);
    const std::int64_t before = rows_of(into, "accounts");
    EXPECT_EQ(before, 2 * rows_at_once);
    copy_cut_short(*from, into, 6);  // in the middle of the sessions
    EXPECT_EQ(rows_of(into, "accounts"), several_batches);
    EXPECT_GT(rows_of(into, "credentials"), 0);
    EXPECT_LT(rows_of(into, "credentials"), several_batches);

    const auto copied = copy_resumably(*from, into, unwatched);

    EXPECT_EQ(copied.at(0).found, several_batches);
    EXPECT_EQ(copied.at(2).table, "credentials");
    EXPECT_EQ(copied.at(2).rows, several_batches);
    EXPECT_GT(copied.at(2).found, 0);
    EXPECT_LT(copied.at(2).found, several_batches);
    EXPECT_EQ(difference(*from, into), "");
  }

  const propusk::testing::FakeClock clock;
  const stores::testing::TemporaryDirectory directory;
  const postgres::testing::TestDatabase database;
};

TEST_F(PostgresCopier, ThereAndBackAgainNothingIsDifferent) {
  const auto first = file("first.db"), last = file("last.db"), between = server();
  fill(*first, several_batches, clock);

  const auto there = copy_resumably(*first, *between, unwatched);
  EXPECT_EQ(difference(*first, *between), "");
  const auto back = copy_resumably(*between, *last, unwatched);

  EXPECT_EQ(difference(*between, *last), "");
  EXPECT_EQ(difference(*first, *last), "");
  for (std::size_t i = 0; i < tables().size(); ++i) {
    EXPECT_GT(there.at(i).rows, 0) << tables()[i].name << ": a table without a row proves nothing";
    EXPECT_EQ(there.at(i).rows, rows_of(*last, tables()[i].name));
    EXPECT_EQ(back.at(i).rows, there.at(i).rows);
    EXPECT_EQ(back.at(i).found, 0);
  }
}

TEST_F(PostgresCopier, OnTheServerTheNextRequestComesBehindTheGreatest) {
  const auto from = file("from.db"), into = server();
  fill(*from, 1, clock);

  copy_resumably(*from, *into, unwatched);

  EXPECT_EQ(number(*into, "SELECT nextval('mail_requests_ids')"), 42);
}

TEST_F(PostgresCopier, CutShortItGoesOnWhereItStoppedOnTheServer) { cut_short_and_completed(*server()); }
TEST_F(PostgresCopier, CutShortItGoesOnWhereItStoppedInAFile) { cut_short_and_completed(*file("into.db")); }

TEST_F(PostgresCopier, ItIsRepeatedWithoutAnEffect) {
  const auto from = file("from.db"), into = server();
  fill(*from, 10, clock);
  copy_resumably(*from, *into, unwatched);

  for (const TableCopied& again : copy_resumably(*from, *into, unwatched)) EXPECT_EQ(again.found, again.rows);
}

TEST_F(PostgresCopier, ATargetWithRowsOfItsOwnIsRefusedBeforeAnythingIsWritten) {
  const auto from = file("from.db"), other = file("other.db"), into = server();
  fill(*from, 10, clock);
  fill(*other, 10, clock);
  other->connection().run_script("UPDATE accounts SET username = 'else' || id");
  copy_resumably(*other, *into, unwatched);
  const std::int64_t before = rows_of(*into, "audit_events");

  EXPECT_THROW(copy_resumably(*from, *into, unwatched), Difference);

  EXPECT_EQ(rows_of(*into, "audit_events"), before);
  EXPECT_EQ(difference(*other, *into), "");
}

TEST_F(PostgresCopier, ARowThatOnlyTheTargetHasIsRefusedInTheLastTableToo) {
  const auto from = file("from.db"), into = file("into.db");
  fill(*from, 10, clock);
  put(*into, "audit_events", {std::int64_t{1}, std::int64_t{1}, "signed_in", nullptr, "", ""});

  try {
    copy_resumably(*from, *into, unwatched);
    FAIL();
  } catch (const Difference& difference) {
    EXPECT_THAT(difference.cause(), HasSubstr("audit_events at=1 id=1"));
  }
  EXPECT_EQ(rows_of(*into, "accounts"), 0);
}

TEST_F(PostgresCopier, EveryDifferenceIsFoundAndNamed) {
  const auto from = file("from.db"), into = server();
  fill(*from, 10, clock);
  copy_resumably(*from, *into, unwatched);
  ASSERT_EQ(difference(*from, *into), "");
  const std::pair<sql::Sql, const char*> changes[] = {
      {"UPDATE accounts SET first_name = first_name || ' ' WHERE id = 1000003", "accounts id=1000003"},
      {"UPDATE accounts SET last_sign_in_at = 0 WHERE id = 1000003", "accounts id=1000003"},
      {"UPDATE audit_events SET detail = '' WHERE id = 2", "audit_events at=77 id=2"},
      {"UPDATE refresh_chains SET successor = decode('00000000000000000000000000000001', 'hex')", "refresh_chains"},
      {"DELETE FROM social_links WHERE provider = 'google-oauth2'", "social_links provider=google-oauth2 subject=117"},
      {"DELETE FROM mail_requests", "mail_requests id=41"},
      {"INSERT INTO consents VALUES (2000006, 'app', '', 1)", "consents account=2000006 client=app"}};
  for (const auto& [change, name] : changes) {
    into->connection().begin_write();
    into->connection().run(change, {});
    EXPECT_THAT(difference(*from, *into), HasSubstr(name));
    into->connection().rollback();
  }
  EXPECT_EQ(difference(*from, *into), "") << "what was rolled back";
}

TEST_F(PostgresCopier, ASnapshotIsOneMomentWhileOthersWrite) {
  for (const bool is_server : {false, true}) {
    const auto open = [&] { return is_server ? server() : file("shared.db"); };
    const auto writer = open(), reader = open(), into = file(is_server ? "a.db" : "b.db");
    fill(*writer, 10, clock);
    reader->begin_read();
    ASSERT_EQ(rows_of(*reader, "accounts"), 10);
    writer->connection().run_script("DELETE FROM consents");

    copy_resumably(*reader, *into, unwatched);

    EXPECT_EQ(rows_of(*into, "consents"), 1);
    EXPECT_EQ(rows_of(*writer, "consents"), 0);
  }
}

TEST_F(PostgresCopier, ATextThatTheServerCannotHoldIsAnOutageThatNamesWhere) {
  const auto from = file("from.db"), into = server();
  fill(*from, 3, clock);
  from->connection().run_script("UPDATE accounts SET first_name = CAST(X'FF' AS TEXT) WHERE id = 1000003");

  try {
    copy_resumably(*from, *into, unwatched);
    FAIL();
  } catch (const Outage& outage) {
    EXPECT_THAT(outage.cause(), AllOf(HasSubstr("invalid byte sequence"), HasSubstr("accounts id=1000003")));
  }
  EXPECT_EQ(rows_of(*into, "accounts"), 0);
}

TEST_F(PostgresCopier, ADatabaseThatANodeUsesIsNotTaken) {
  const auto side = server();
  {
    const postgres::Connection node({.url = database.url(), .purpose = "worker"}, clock);
    EXPECT_THAT(side->take(), ::testing::ElementsAre("propusk worker"));
  }
  const auto alone = server();
  std::vector<std::string> others;
  for (Deadline until = clock.monotonic() + seconds{10};
       clock.monotonic() < until;)  // the server ends it a moment later
    if (others = side->take(); others == std::vector<std::string>{"propusk copy"}) break;
  EXPECT_THAT(others, ::testing::ElementsAre("propusk copy")) << "another copier is somebody too";
}

TEST_F(PostgresCopier, ANodeOfAnotherRoleIsSeenToo) {
  const auto side = server();
  const std::string role = "role_of_" + database.as_superuser("SELECT current_database()");
  database.as_superuser("CREATE ROLE " + role + " LOGIN");
  {
    std::string url = database.url();
    url.replace(url.find("propusk@"), 7, role);
    const postgres::Connection node({.url = url, .purpose = "worker"}, clock);
    EXPECT_THAT(side->take(), ::testing::ElementsAre("propusk worker"));
  }
  database.as_superuser("DROP ROLE " + role);
}

TEST_F(PostgresCopier, WhoReadsAloneKeepsWritersWaiting) {
  const auto writer = server(), reader = server();
  fill(*writer, 10, clock);
  reader->begin_read_alone();
  EXPECT_EQ(rows_of(*reader, "consents"), 1);
  writer->connection().run_script("SET statement_timeout = '100ms'");

  EXPECT_THROW(writer->connection().run("DELETE FROM consents", {}), Outage);

  writer->connection().rollback();
  reader->connection().rollback();
  EXPECT_EQ(writer->connection().run("DELETE FROM consents", {}), 1U);
}

TEST_F(PostgresCopier, WhatWasWrittenBeforeItReadsAloneIsRead) {
  const auto writer = server(), reader = server();
  fill(*writer, 10, clock);
  writer->connection().begin_write();
  writer->connection().run("DELETE FROM consents", {});
  std::thread waiting([&] { reader->begin_read_alone(); });
  const Deadline until = clock.monotonic() + seconds{10};
  while (
      database.as_superuser("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND database = "
                            "(SELECT oid FROM pg_database WHERE datname = current_database())") == "0" &&
      clock.monotonic() < until)
    std::this_thread::yield();
  writer->connection().commit();
  waiting.join();

  EXPECT_EQ(rows_of(*reader, "consents"), 0);
}

TEST_F(PostgresCopier, WhoTookADatabaseKeepsStartingNodesWaiting) {
  const auto side = server();
  ASSERT_THAT(side->take(), IsEmpty());
  postgres::Connection node({.url = database.url(), .purpose = "migrations"}, clock);
  auto lock = node.query("SELECT pg_try_advisory_lock(55949430068)::int", {});  // as stores/postgres/store.cpp

  ASSERT_TRUE(lock.next());
  EXPECT_EQ(lock.row().integer(0), 0);
}

}  // namespace
}  // namespace propusk::copy
