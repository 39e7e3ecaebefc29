// The list of tables against the schema that the migrations make: a column that is not listed would not be copied.
#include "stores/copy/tables.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/copy/side.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::copy {
namespace {

/// "table.column type key", sorted.
using Columns = std::vector<std::string>;

Columns listed() {
  constexpr std::string_view types[] = {"BIGINT", "TEXT", "BYTEA"};
  Columns out;
  for (const Table& table : tables())
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      out.push_back(std::string(table.name) + "." + std::string(table.columns[i].name) + " " +
                    std::string(types[static_cast<std::size_t>(table.columns[i].type)]) + " " +
                    std::to_string(i < table.keys ? i + 1 : 0));
  std::ranges::sort(out);
  return out;
}

/// What is not copied, each for the reason at tables().
bool is_left_out(std::string_view column) {
  return std::ranges::any_of(std::array{"schema_migrations.", "chores.", "limit_buckets.", "shared_seeds."},
                             [&](std::string_view table) { return column.starts_with(table); });
}

Columns found(Side& side, sql::Sql question) {
  const propusk::testing::FakeClock clock;
  sql::migrate(side.connection(), sql::all_migrations(), clock.now());
  Columns out;
  auto rows = side.connection().query(question, {});
  while (rows.next())
    if (!is_left_out(rows.row().text(0))) out.emplace_back(rows.row().text(0));
  std::ranges::sort(out);
  return out;
}

TEST(CopiedTables, AreThoseOfTheEmbeddedDatabase) {
  const stores::testing::TemporaryDirectory directory;
  const auto side = open_sqlite(directory.path() / "test.db", File::written);

  EXPECT_EQ(listed(), found(*side,
                            "SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c.pk FROM sqlite_schema AS t, "
                            "pragma_table_info(t.name) AS c WHERE t.type = 'table'"));
}

TEST(PostgresCopiedTables, AreThoseOfTheDatabaseServer) {
  const postgres::testing::TestDatabase database;
  const propusk::testing::FakeClock clock;
  const auto side = open_postgres(database.url(), clock);

  EXPECT_EQ(listed(), found(*side,
                            "SELECT c.table_name || '.' || c.column_name || ' ' || CASE c.data_type WHEN 'bigint' THEN "
                            "'BIGINT' ELSE upper(c.data_type::text) END || ' ' || "
                            "coalesce(k.ordinal_position, 0) FROM information_schema.columns AS c "
                            "LEFT JOIN information_schema.table_constraints AS p ON p.table_schema = c.table_schema "
                            "AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY' "
                            "LEFT JOIN information_schema.key_column_usage AS k ON k.table_schema = c.table_schema AND "
                            "k.constraint_name = p.constraint_name AND k.column_name = c.column_name "
                            "WHERE c.table_schema = 'public'"));
}

}  // namespace
}  // namespace propusk::copy
