// The driver: binding by name, values of every type, violations by name, snapshots, and migrations over it.
#include "stores/sqlite/connection.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "base/outage.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/migrations/all.hpp"

namespace propusk::sqlite {
namespace {
class SqliteConnectionTest : public ::testing::Test {
 protected:
  stores::testing::TemporaryDirectory directory_;
  ConnectionSettings settings_{.file = directory_.path() / "test.db"};
  Connection connection_{settings_};
};

TEST_F(SqliteConnectionTest, placeholders_are_bound_by_name_not_by_first_appearance) {
  auto rows = connection_.query("SELECT $2, $1, $2", {std::int64_t{1}, std::int64_t{2}});

  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), 2);
  EXPECT_EQ(rows.row().integer(1), 1);
  EXPECT_EQ(rows.row().integer(2), 2);
  EXPECT_FALSE(rows.next());
}

TEST_F(SqliteConnectionTest, every_value_comes_back_as_it_went_in) {
  const std::array bytes{std::byte{0}, std::byte{0xff}};
  const std::string_view text("a\0\xd0\x9f", 4);

  auto rows = connection_.query("SELECT $1, $2, $3, $4, $5", {std::int64_t{-5}, text, std::span<const std::byte>(bytes),
                                                              nullptr, std::string_view()});

  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), -5);
  EXPECT_EQ(rows.row().text(1), text);
  EXPECT_TRUE(std::ranges::equal(rows.row().bytes(2), bytes));
  EXPECT_TRUE(rows.row().is_null(3));
  EXPECT_FALSE(rows.row().is_null(4));
}

TEST_F(SqliteConnectionTest, a_broken_unique_constraint_is_named_table_and_columns) {
  connection_.run_script(
      "CREATE TABLE t (a BIGINT, b BIGINT, c BIGINT, PRIMARY KEY (a, b)); CREATE UNIQUE INDEX t_c ON t (c)");
  constexpr auto insert = [](Connection& connection, std::int64_t a, std::int64_t b, std::int64_t c) {
    const auto done = connection.execute("INSERT INTO t VALUES ($1, $2, $3)", {a, b, c});
    return done ? "" : done.error().constraint;
  };

  EXPECT_EQ(insert(connection_, 1, 1, 1), "");
  EXPECT_EQ(insert(connection_, 1, 1, 2), "t_a_b");
  EXPECT_EQ(insert(connection_, 1, 2, 1), "t_c");
}

TEST_F(SqliteConnectionTest, other_failures_are_outages) {
  EXPECT_THROW(connection_.run_script("SELECT * FROM nowhere"), Outage);
  EXPECT_THROW((void)connection_.query("SELECT * FROM nowhere", {}), Outage);
  EXPECT_THROW(Connection({.file = directory_.path() / "missing" / "test.db"}), Outage);
}

TEST_F(SqliteConnectionTest, a_reading_connection_cannot_write) {
  connection_.run_script("CREATE TABLE t (a BIGINT)");
  Connection reader({.file = settings_.file, .reads_only = true});

  EXPECT_THROW((void)reader.execute("INSERT INTO t VALUES (1)", {}), Outage);
}

TEST_F(SqliteConnectionTest, its_files_are_private) {
  connection_.run_script("CREATE TABLE t (a BIGINT)");

  for (const auto& file : std::filesystem::directory_iterator(directory_.path())) {
    struct stat found{};
    ASSERT_EQ(::stat(file.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U) << file.path();
  }
}

constexpr std::array first_only{sql::Migration{"0001_first", "CREATE TABLE t (a BIGINT)"}};
constexpr std::array first_and_second{
    first_only[0], sql::Migration{"0002_second", "ALTER TABLE t ADD COLUMN b BIGINT; UPDATE t SET b = a + 1"}};
constexpr std::array changed_first{sql::Migration{"0001_first", "CREATE TABLE t (a TEXT)"}};
constexpr std::array failing_second{first_only[0],
                                    sql::Migration{"0002_second", "CREATE TABLE u (a BIGINT); SELECT * FROM nowhere"}};

std::string outage_of(Connection& connection, std::span<const sql::Migration> known) {
  try {
    sql::migrate(connection, known, instant(1));
    return "";
  } catch (const Outage& outage) {
    return outage.cause();
  }
}

TEST_F(SqliteConnectionTest, an_older_database_is_brought_forward_with_its_rows) {
  sql::migrate(connection_, first_only, instant(1));
  connection_.run_script("INSERT INTO t VALUES (41)");

  sql::migrate(connection_, first_and_second, instant(2));
  sql::migrate(connection_, first_and_second, instant(3));

  auto rows = connection_.query("SELECT b FROM t", {});
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), 42);
  auto applied = connection_.query("SELECT name, applied_at FROM schema_migrations ORDER BY name", {});
  ASSERT_TRUE(applied.next());
  EXPECT_EQ(applied.row().integer(1), 1);
  ASSERT_TRUE(applied.next());
  EXPECT_EQ(applied.row().text(0), "0002_second");
  EXPECT_EQ(applied.row().integer(1), 2);
  EXPECT_FALSE(applied.next());
}

TEST_F(SqliteConnectionTest, a_database_newer_than_the_binary_is_refused) {
  sql::migrate(connection_, first_and_second, instant(1));

  EXPECT_NE(outage_of(connection_, first_only).find("run the newer propusk"), std::string::npos);
}

TEST_F(SqliteConnectionTest, a_changed_text_of_an_applied_migration_is_refused) {
  sql::migrate(connection_, first_only, instant(1));

  EXPECT_NE(outage_of(connection_, changed_first).find("with another text"), std::string::npos);
}

TEST_F(SqliteConnectionTest, a_failing_migration_leaves_nothing_of_itself) {
  sql::migrate(connection_, first_only, instant(1));

  EXPECT_NE(outage_of(connection_, failing_second), "");

  EXPECT_FALSE(connection_.in_transaction());
  EXPECT_THROW(connection_.run_script("SELECT * FROM u"), Outage);
  EXPECT_EQ(outage_of(connection_, first_and_second), "");
}

TEST_F(SqliteConnectionTest, the_products_own_migrations_apply) {
  sql::migrate(connection_, sql::all_migrations(), instant(1));

  auto rows = connection_.query("SELECT count(*) FROM schema_migrations", {});
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), static_cast<std::int64_t>(sql::all_migrations().size()));
}

}  // namespace
}  // namespace propusk::sqlite
