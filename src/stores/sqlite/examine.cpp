// A driver of its own, because the store's connection creates what is missing and switches the journal.
#include "stores/sqlite/examine.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/outage.hpp"
#include "stores/copy/unfinished.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/schema_finding.hpp"

namespace propusk::sqlite {
namespace {
namespace fs = std::filesystem;

struct Release {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Release>;

[[noreturn]] void fail(sqlite3* database) { throw Outage("sqlite", sqlite3_errmsg(database)); }

/// https://sqlite.org/uri.html: these three mean something in the path of a URI.
std::string in_uri(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#')
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out;
}

/// Without the index of its log a file is in nobody's use. To open it as usual would make one, which might belong to
/// another user than the server's.
Database open(const fs::path& file) {
  std::error_code ignored;
  const bool is_in_use = fs::exists(file.string() + "-shm", ignored);
  const std::string uri =
      fmt::format("file:{}?mode=ro{}", in_uri(fs::absolute(file).string()), is_in_use ? "" : "&immutable=1");
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) fail(opened);
  constexpr int patience_ms = 1'000;  // as the store's: a checkpoint is over in less
  sqlite3_busy_timeout(opened, patience_ms);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return database;
}

/// The rows of a query without parameters; every column as bytes.
std::vector<std::vector<std::string>> rows_of(sqlite3* database, const char* text) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database, text, -1, &prepared, nullptr) != SQLITE_OK) fail(database);
  const std::unique_ptr<sqlite3_stmt, Release> statement(prepared);
  std::vector<std::vector<std::string>> rows;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
    auto& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(prepared, i));
      row.emplace_back(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(prepared, i)));
    }
  }
  if (code != SQLITE_DONE) fail(database);
  return rows;
}

bool has_table(sqlite3* database, std::string_view name) {
  for (const auto& row : rows_of(database, "SELECT name FROM sqlite_schema WHERE type = 'table'"))
    if (row.at(0) == name) return true;
  return false;
}

std::vector<core::SigningKey> signing_keys(sqlite3* database) {
  std::vector<core::SigningKey> keys;
  if (!has_table(database, "signing_keys")) return keys;
  for (auto& row : rows_of(database, "SELECT kid, algorithm, sealed FROM signing_keys")) {
    const auto algorithm = core::signing_algorithm(row.at(1));
    if (!algorithm) continue;  // of a newer version: not ours to open
    keys.push_back(
        {.kid = std::move(row.at(0)), .algorithm = *algorithm, .sealed = std::move(row.at(2)), .retires_at = {}});
  }
  return keys;
}

stores::Examination look_at(sqlite3* database, const fs::path& file) {
  std::vector<sql::AppliedMigration> applied;
  if (has_table(database, "schema_migrations")) {
    for (auto& row : rows_of(database, "SELECT name, sha256 FROM schema_migrations ORDER BY name"))
      applied.push_back({std::move(row.at(0)), std::move(row.at(1))});
  } else if (!rows_of(database, "SELECT name FROM sqlite_schema").empty()) {
    return {{error(file.string() + " is a database, but not propusk's",
                   "name another file in store.url, or another directory with --data")}};
  }
  auto unfinished = copy::unfinished_finding(applied);
  return {
      {unfinished ? std::move(*unfinished) : sql::schema_finding(applied, sql::all_migrations(), &sql::Sql::sqlite)},
      signing_keys(database)};
}
}  // namespace

stores::Examination examine(const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed)) {
    if (!failed) return {{fine(file.string() + " will be made at the first start")}, std::vector<core::SigningKey>()};
    return {{error(fmt::format("{} cannot be looked at ({})", file.string(), failed.message()),
                   "run this as root, or as the user that runs propusk")}};
  }
  try {
    const Database database = open(file);
    return look_at(database.get(), file);
  } catch (const Outage& outage) {
    return {{error(fmt::format("{} cannot be read ({})", file.string(), outage.cause()),
                   "give it to the user that runs propusk, or, if it is damaged, restore a backup")}};
  }
}

}  // namespace propusk::sqlite
