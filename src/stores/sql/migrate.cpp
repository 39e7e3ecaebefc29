// The check runs again inside each migration's own transaction, because another process may migrate at the same time.
#include "stores/sql/migrate.hpp"

#include <string>

#include "base/digest.hpp"
#include "base/outage.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
constexpr std::string_view unfinished = "~move-unfinished";  // that of stores/copy/unfinished.hpp

/// How many of `known` the database has. Throws as migrate() does.
std::size_t applied(Connection& connection, std::span<const Migration> known) {
  std::size_t count = 0;
  auto rows = connection.query("SELECT name, sha256 FROM schema_migrations ORDER BY name", {});
  for (; rows.next(); ++count) {
    const std::string name(rows.row().text(0));
    if (name.starts_with(unfinished))
      throw Outage("database",
                   "it holds half of a store, because a move into it was cut short: run `propusk store move` again, or "
                   "erase this database");
    if (count == known.size() || known[count].name != name)
      throw Outage("database", "it has the migration " + name +
                                   ", which this binary does not know: run the newer propusk "
                                   "that made it, or restore the backup taken before the upgrade");
    if (digest(rows.row(), 1) != sha256(std::string_view(connection.text_of(known[count].text))))
      throw Outage("database", "the migration " + name +
                                   " was applied with another text than this binary holds: run the "
                                   "propusk release that made this database");
  }
  return count;
}

/// False when nothing was missing.
bool apply_next(Connection& connection, std::span<const Migration> known, Instant now) {
  connection.begin_write();
  try {
    const std::size_t count = applied(connection, known);
    if (count < known.size()) {
      const auto& next = known[count];
      connection.run_script(next.text);
      connection.run("INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, $3)",
                     {next.name, value(sha256(std::string_view(connection.text_of(next.text)))), value(now)});
    }
    connection.commit();
    return count < known.size();
  } catch (...) {
    connection.rollback();
    throw;
  }
}
}  // namespace

void migrate(Connection& connection, std::span<const Migration> known, Instant now) {
  connection.run_script(
      "CREATE TABLE IF NOT EXISTS schema_migrations ("
      "name TEXT NOT NULL, sha256 BYTEA NOT NULL, applied_at BIGINT NOT NULL, "
      "CONSTRAINT schema_migrations_name PRIMARY KEY (name))");
  while (apply_next(connection, known, now)) {
  }
}

}  // namespace propusk::sql
