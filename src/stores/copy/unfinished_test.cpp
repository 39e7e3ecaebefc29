// Half of a store is never taken for a store, whoever looks at it.
#include "stores/copy/unfinished.hpp"

#include <gmock/gmock.h>

#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/copy/archive.hpp"
#include "stores/copy/testing/filled_store.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/examine.hpp"
#include "stores/postgres/testing/test_database.hpp"
#include "stores/sqlite/examine.hpp"

namespace propusk::copy {
namespace {
using namespace testing;
using ::testing::HasSubstr;

const Progress unwatched = [](std::string_view, std::int64_t) {};
struct Cut {};
const Progress cut = [](std::string_view, std::int64_t) { throw Cut{}; };

class UnfinishedMove : public ::testing::TestWithParam<bool> {
 protected:
  UnfinishedMove() {
    fill(*from, 10, clock);
    migrate_target(into->connection(), clock.now());
  }
  /// As a server begins.
  [[nodiscard]] std::string why_not_served() const {
    try {
      sql::migrate(into->connection(), sql::all_migrations(), clock.now());
      return "";
    } catch (const Outage& outage) {
      return outage.cause();
    }
  }
  /// As a backup and another move begin.
  [[nodiscard]] std::string why_not_read() const {
    try {
      require_schema(into->connection(), "the target");
      return "";
    } catch (const Outage& outage) {
      return outage.cause();
    }
  }
  [[nodiscard]] Findings findings() const {
    return (GetParam() ? postgres::examine(database.url(), 1, clock) : sqlite::examine(directory.path() / "into.db"))
        .findings;
  }

  const propusk::testing::FakeClock clock;
  const stores::testing::TemporaryDirectory directory;
  const postgres::testing::TestDatabase database{postgres::testing::Schema::none};
  const std::unique_ptr<Side> from = open_sqlite(directory.path() / "from.db", File::written),
                              into = GetParam() ? open_postgres(database.url(), clock)
                                                : open_sqlite(directory.path() / "into.db", File::written);
};
INSTANTIATE_TEST_SUITE_P(PostgresSides, UnfinishedMove, ::testing::Bool(),
                         [](const auto& each) { return each.param ? "OnTheServer" : "InAFile"; });

TEST_P(UnfinishedMove, FromTheFirstRowUntilTheEndNobodyTakesTheTarget) {
  EXPECT_EQ(why_not_served(), "") << "nothing is in it yet";
  EXPECT_THROW(copy_resumably(*from, *into, cut), Cut);

  EXPECT_THAT(why_not_served(), HasSubstr("run `propusk store move` again, or erase this database"));
  EXPECT_THAT(why_not_read(), HasSubstr("the target holds half of a store"));
  EXPECT_THROW(require_finished(into->connection(), ""), Outage);
  EXPECT_THAT(findings(), ::testing::Contains(::testing::Field(&Finding::what, HasSubstr("half of a store"))));

  migrate_target(into->connection(), clock.now());
  copy_resumably(*from, *into, unwatched);
  EXPECT_NE(why_not_served(), "") << "it was not compared";
  mark_finished(into->connection());

  EXPECT_EQ(why_not_served(), "");
  EXPECT_EQ(why_not_read(), "");
  EXPECT_NO_THROW(require_finished(into->connection(), ""));
}

TEST_P(UnfinishedMove, ATargetThatGetsNoRowIsNotMarked) {
  copy_resumably(*from, *into, unwatched);
  mark_finished(into->connection());
  from->connection().run_script("UPDATE accounts SET username = 'else' || id");

  EXPECT_THROW(copy_resumably(*from, *into, unwatched), Outage);

  EXPECT_EQ(why_not_served(), "") << "it may be a store that is in use";
}

TEST_P(UnfinishedMove, WhatAnotherVersionBeganIsLeftToThatOne) {
  mark_unfinished(into->connection());
  into->connection().run_script("DELETE FROM schema_migrations WHERE name = '0006_nodes'");

  try {
    migrate_target(into->connection(), clock.now());
    FAIL();
  } catch (const Outage& outage) {
    EXPECT_THAT(outage.cause(), HasSubstr("another version of propusk began the move"));
  }
}

}  // namespace
}  // namespace propusk::copy
