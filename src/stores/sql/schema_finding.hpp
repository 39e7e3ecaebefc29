// schema_finding(): whether this binary can work with the migrations that a database has, without touching them.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/finding.hpp"
#include "stores/sql/migrate.hpp"

namespace propusk::sql {

struct AppliedMigration {
  std::string name;
  std::string sha256;  ///< of its text; bytes
};
/// Of the twins of a text, the one that the database runs.
using TextOf = const char* (Sql::*)() const;

/// What migrate() would say of `applied`, which is in the order of the names; fine if it would go on.
Finding schema_finding(std::span<const AppliedMigration> applied, std::span<const Migration> known, TextOf text_of);

}  // namespace propusk::sql
