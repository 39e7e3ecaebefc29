// Where the mark stands among the names depends on the database's collation: nothing here asks for its place.
#include "stores/copy/unfinished.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/outage.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::copy {
namespace {
constexpr sql::Sql count_tables("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'",
                                "SELECT (to_regclass('schema_migrations') IS NOT NULL)::int");

std::int64_t number(sql::Connection& database, sql::Sql question, sql::Values values) {
  auto rows = database.query(question, values);
  return rows.next() ? rows.row().integer(0) : 0;
}

bool is_marked(sql::Connection& database) {
  return number(database, count_tables, {}) != 0 &&
         number(database, "SELECT count(*) FROM schema_migrations WHERE name = $1", {unfinished_move}) != 0;
}

bool has_all_migrations(sql::Connection& target) {
  const auto known = sql::all_migrations();
  std::size_t same = 0, there = 0;
  auto rows = target.query("SELECT name, sha256 FROM schema_migrations WHERE name <> $1", {unfinished_move});
  for (; rows.next(); ++there) {
    const auto found = std::ranges::find(known, rows.row().text(0), &sql::Migration::name);
    if (found != known.end() && sql::digest(rows.row(), 1) == sha256(std::string_view(target.text_of(found->text))))
      ++same;
  }
  return same == known.size() && there == same;
}
}  // namespace

void migrate_target(sql::Connection& target, Instant now) {
  if (!is_marked(target)) return sql::migrate(target, sql::all_migrations(), now);
  if (!has_all_migrations(target))
    throw Outage("schema",
                 "another version of propusk began the move into the target: go on with that one, or erase "
                 "the target and begin anew");
}

void mark_unfinished(sql::Connection& target) {
  target.run("INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
             {unfinished_move, sql::value(Digest{})});
}

void mark_finished(sql::Connection& target) {
  target.begin_write();
  try {
    target.run("DELETE FROM schema_migrations WHERE name = $1", {unfinished_move});
    target.commit();
  } catch (...) {
    target.rollback();
    throw;
  }
}

void require_finished(sql::Connection& database, std::string_view whose) {
  if (is_marked(database))
    throw Outage("schema", fmt::format("{} holds half of a store: the move into it was not finished. Run the same "
                                       "propusk store move again, or erase it",
                                       whose));
}

std::optional<Finding> unfinished_finding(std::span<const sql::AppliedMigration> applied) {
  if (std::ranges::find(applied, unfinished_move, &sql::AppliedMigration::name) == applied.end()) return std::nullopt;
  return error("the database holds half of a store: the move into it was not finished",
               "run the same `propusk store move` again, or erase the database");
}

}  // namespace propusk::copy
