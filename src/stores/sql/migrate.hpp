// Migrations: bringing a database to the schema of this binary, forward only.
#pragma once
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

struct Migration {
  std::string_view name;  ///< as the file: "0001_accounts"
  Sql text;
};

/// Applies what is missing of `known` (oldest first), each in a transaction of its own, and remembers its name, the
/// SHA-256 of its text and `now`. Throws Outage with a sentence that says what to do when the database was made by a
/// newer binary, or when the text of an applied migration is not the one that was applied.
void migrate(Connection& connection, std::span<const Migration> known, Instant now);

}  // namespace propusk::sql
