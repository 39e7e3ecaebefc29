// Every table whose rows are the product's state: what is copied, in the order in which foreign keys allow it.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "stores/sql/connection.hpp"

namespace propusk::copy {

enum class Type : std::uint8_t { integer, text, bytes };

struct Column {
  std::string_view name;
  Type type;
};

/// What becomes of a table's rows in a restored store.
enum class Restored : std::uint8_t {
  kept,   ///< as they were
  ended,  ///< they let somebody or some app in, or are about to: what was ended since the backup would live again
};

struct Table {
  std::string_view name;
  std::span<const Column> columns;  ///< those of the primary key first
  std::size_t keys;                 ///< how many are the primary key's
  Restored restored;
  std::optional<std::size_t> epoch;  ///< the column by which an account or a client ends all that it has

  sql::Sql first;  ///< $1 rows in the order of the key
  sql::Sql after;  ///< the same behind the key $1 …; the last parameter is the number of rows
  sql::Sql count;
  sql::Sql copy_in;  ///< PostgreSQL's own way in
  /// One INSERT; as many values as columns.
  void (*insert)(sql::Connection& into, std::span<const sql::Value> row);
};

/// Not among them: migrations, and what nodes share for a while (limits, their seed, chores).
std::span<const Table> tables();
/// Deletes every row of tables(), in a transaction of the caller's.
sql::Sql clear_tables();
/// PostgreSQL's: who writes into tables() waits until the caller's transaction ends.
sql::Sql lock_tables();

}  // namespace propusk::copy
