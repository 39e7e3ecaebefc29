// What the server says of itself, against what docs/how-to/run-several-nodes.md asks of it.
#include "stores/postgres/examine.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/outage.hpp"
#include "stores/copy/unfinished.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/connection.hpp"
#include "stores/sql/columns.hpp"
#include "stores/sql/schema_finding.hpp"

namespace propusk::postgres {
namespace {
constexpr std::int64_t oldest = 130'000;  // server_version_num of PostgreSQL 13
/// Two nodes' leases and tokens agree to this much, and NTP keeps machines to a hundredth of it.
constexpr seconds clock_tolerance{1};

void version_and_encoding(Connection& connection, Findings& findings) {
  auto rows = connection.query(
      "SELECT current_setting('server_version_num')::bigint, current_setting('server_version'), "
      "current_setting('server_encoding')",
      {});
  std::ignore = rows.next();
  const std::string version(rows.row().text(1)), encoding(rows.row().text(2));
  if (rows.row().integer(0) < oldest)
    findings.push_back(error("the server is PostgreSQL " + version, "upgrade it to 13 or later"));
  else
    findings.push_back(fine("the server is PostgreSQL " + version));
  if (encoding != "UTF8")
    findings.push_back(
        error("the database keeps text as " + encoding, "make it anew: createdb --encoding UTF8 --template template0"));
}

void durability(Connection& connection, Findings& findings) {
  auto rows = connection.query(
      "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name", {});
  while (rows.next())
    findings.push_back(
        error(fmt::format("{} is off; a crash of the server can lose or damage what was stored", rows.row().text(0)),
              fmt::format("write {} = on into postgresql.conf and reload it", rows.row().text(0))));
}

/// The roles' own limit counts too: -1 is none.
void room(Connection& connection, std::size_t connections, Findings& findings) {
  auto rows = connection.query(
      "SELECT current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint, "
      "(SELECT rolconnlimit::bigint FROM pg_roles WHERE rolname = current_user), "
      "(SELECT datconnlimit::bigint FROM pg_database WHERE datname = current_database())",
      {});
  std::ignore = rows.next();
  const auto wanted = static_cast<std::int64_t>(connections) + 1;
  const std::pair<std::int64_t, const char*> limits[] = {
      {rows.row().integer(0), "max_connections of the server leaves"},
      {rows.row().integer(1), "the CONNECTION LIMIT of the role is"},
      {rows.row().integer(2), "the CONNECTION LIMIT of the database is"}};
  for (const auto& [limit, name] : limits)
    if (limit >= 0 && limit < wanted)
      findings.push_back(error(fmt::format("{} {}, and one node opens {}", name, limit, wanted),
                               "raise it to hold all nodes and one more, or lower store.connections"));
}

void clocks(Connection& connection, const Clock& clock, Findings& findings) {
  const Instant asked = clock.now();
  auto rows = connection.query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint", {});
  std::ignore = rows.next();
  const Instant there = instant(rows.row().integer(0)), answered = clock.now();
  const auto ahead = std::chrono::round<seconds>(there - answered), behind = std::chrono::round<seconds>(asked - there);
  if (there - answered > clock_tolerance || asked - there > clock_tolerance)
    findings.push_back(error(fmt::format("the clock of the database server and that of this machine are {} s apart",
                                         std::max(ahead, behind).count()),
                             "keep both by NTP: see `timedatectl` on each"));
}

bool has_table(Connection& connection, std::string_view name) {
  auto rows = connection.query("SELECT (to_regclass($1::text) IS NOT NULL)::int", {name});
  return rows.next() && rows.row().integer(0) == 1;
}

void schema(Connection& connection, stores::Examination& seen) {
  std::vector<sql::AppliedMigration> applied;
  if (has_table(connection, "schema_migrations")) {
    auto rows = connection.query("SELECT name, sha256 FROM schema_migrations ORDER BY name", {});
    while (rows.next()) {
      const auto sum = rows.row().bytes(1);
      applied.push_back({std::string(rows.row().text(0)), {reinterpret_cast<const char*>(sum.data()), sum.size()}});
    }
  }
  auto unfinished = copy::unfinished_finding(applied);
  seen.findings.push_back(unfinished ? std::move(*unfinished)
                                     : sql::schema_finding(applied, sql::all_migrations(), &sql::Sql::postgres));
  auto& keys = seen.signing_keys.emplace();
  if (!has_table(connection, "signing_keys")) return;
  auto rows = connection.query("SELECT kid, algorithm, sealed FROM signing_keys", {});
  while (rows.next()) {
    const auto algorithm = core::signing_algorithm(rows.row().text(1));
    if (!algorithm) continue;  // of a newer version: not ours to open
    const auto sealed = rows.row().bytes(2);
    keys.push_back({.kid = std::string(rows.row().text(0)),
                    .algorithm = *algorithm,
                    .sealed = {reinterpret_cast<const char*>(sealed.data()), sealed.size()},
                    .retires_at = {}});
  }
}
/// What libpq says of a URL that it does not understand quotes it, and the password in it.
bool is_understood(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(PQconninfoParse(url.c_str(), nullptr),
                                                                              PQconninfoFree);
  return parsed != nullptr;
}
}  // namespace

stores::Examination examine(const std::string& url, std::size_t connections, const Clock& clock) {
  stores::Examination seen;
  if (!is_understood(url))
    return {
        {error("store.url is no URL of libpq",
               "write postgresql://USER@HOST/DATABASE, with % codes for what is no letter or digit in a password")}};
  try {
    Connection connection({.url = url, .purpose = "doctor"}, clock);
    connection.begin_read();
    version_and_encoding(connection, seen.findings);
    durability(connection, seen.findings);
    room(connection, connections, seen.findings);
    clocks(connection, clock, seen.findings);
    schema(connection, seen);
    connection.rollback();
  } catch (const Outage& outage) {
    seen.findings.push_back(error("the database of store.url cannot be worked with (" + outage.cause() + ")",
                                  "see that the server runs and takes writes, and check the URL, the password and "
                                  "pg_hba.conf: psql with the same URL says the same"));
  }
  return seen;
}

}  // namespace propusk::postgres
