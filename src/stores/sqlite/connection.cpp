// Result codes are extended ones throughout, because a failed fsync must be told from a full disk.
#include "stores/sqlite/connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>

#include "base/outage.hpp"

namespace propusk::sqlite {
namespace {
constexpr int busy_timeout_ms =
    1000;  // our own processes are kept out by the directory lock; this covers an operator's shell
constexpr int wal_kept_bytes = 67'108'864;  // after a burst: four times the store's limit, so that a truncation is rare
constexpr int wal_header_bytes = 32, wal_frame_header_bytes = 24, page_bytes = 4096;  // sqlite.org/fileformat2.html §4

bool is_sync_failure(int code) { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

/// "UNIQUE constraint failed: accounts.username" → "accounts_username"; columns of one table, joined by `_`.
std::string constraint_name(std::string_view message) {
  std::string_view columns = message.substr(message.rfind(": ") + 2);
  std::string name(columns.substr(0, columns.find('.')));
  while (!columns.empty()) {
    const auto end = std::min(columns.find(", "), columns.size());
    const auto column = columns.substr(0, end);
    name.append("_").append(column.substr(column.find('.') + 1));
    columns.remove_prefix(std::min(end + 2, columns.size()));
  }
  return name;
}

struct Binder {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
  int operator()(std::string_view text) const {
    const char* start = text.data() ? text.data() : "";  // a null pointer would bind NULL
    return sqlite3_bind_text64(statement, index, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(std::span<const std::byte> bytes) const {
    return bytes.empty() ? sqlite3_bind_zeroblob(statement, index, 0)
                         : sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
};
}  // namespace

void CachedStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

CachedStatement::CachedStatement(Connection& connection, sql::Sql sql) : connection_(connection) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(connection.database_.get(), sql.sqlite(), -1, SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  statement_.reset(statement);
  if (code != SQLITE_OK) connection_.fail(code);
  require(*rest == '\0', "a prepared text is one statement");
  index_of_.resize(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)));
  for (std::size_t i = 0; i < index_of_.size(); ++i) {
    const std::string name = fmt::format("${}", i + 1);
    index_of_[i] = sqlite3_bind_parameter_index(statement, name.c_str());
    require(index_of_[i] > 0, "placeholders are $1, $2 … without a gap");
  }
}

void CachedStatement::start(sql::Values values) {
  require(values.size() == index_of_.size(), "a statement gets as many values as it has placeholders");
  require(!sqlite3_stmt_busy(statement_.get()), "a statement does not run inside itself");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int code = std::visit(Binder{statement_.get(), index_of_[i]}, values.begin()[i]);
    if (code != SQLITE_OK) connection_.fail(code);
  }
}

int CachedStatement::step() { return sqlite3_step(statement_.get()); }
bool CachedStatement::next() {
  const int code = step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail(code);
  return code == SQLITE_ROW;
}
void CachedStatement::finish() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());  // they borrow the caller's memory
}
bool CachedStatement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
std::int64_t CachedStatement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
std::string_view CachedStatement::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return start ? std::string_view(start, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)))
               : std::string_view();
}
std::span<const std::byte> CachedStatement::bytes(int column) const {
  const auto* start = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close(database); }

Connection::Connection(const ConnectionSettings& settings) {
  sqlite3* database = nullptr;
  const int flags = (settings.is_finished ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  // SQLite creates 0644; its -wal and -shm take the mode of the database.
  if (const int made =
          settings.is_finished ? -1 : ::open(settings.file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
      made >= 0)
    ::close(made);
  const int code =
      sqlite3_open_v2(settings.file.c_str(), &database, flags, settings.vfs.empty() ? nullptr : settings.vfs.c_str());
  database_.reset(database);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(database, busy_timeout_ms);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                    nullptr);  // the store decides: never after a lost sync
  const std::string pragmas = fmt::format(
      "PRAGMA synchronous={}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
      "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit={};"
      "PRAGMA cache_size=-{}; PRAGMA query_only={};",
      settings.synchronous == Synchronous::full ? "FULL" : "NORMAL", wal_kept_bytes, settings.cache_kib,
      settings.reads_only ? "ON" : "OFF");
  if (const int failed = sqlite3_exec(database, pragmas.c_str(), nullptr, nullptr, nullptr); failed != SQLITE_OK)
    fail(failed);
  if (settings.is_finished) return;
  // The step after the row commits the switch: a sync that fails there must not leave us in the old journal mode.
  if (auto mode = query("PRAGMA journal_mode=WAL", {}); !mode.next() || mode.row().text(0) != "wal" || mode.next())
    throw Outage("sqlite", "this file system cannot hold a write-ahead log; put the data directory on a local disk");
  // Installing this hook also replaces SQLite's automatic checkpoint.
  sqlite3_wal_hook(
      database,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->wal_pages_ = static_cast<std::uint64_t>(pages);
        return SQLITE_OK;
      },
      this);
}

CachedStatement& Connection::prepared(sql::Sql sql) {
  if (auto found = statements_.find(sql.sqlite()); found != statements_.end()) return found->second;
  return statements_.try_emplace(sql.sqlite(), *this, sql).first->second;
}

sql::Statement& Connection::start(sql::Sql sql, sql::Values values) {
  auto& statement = prepared(sql);
  statement.start(values);
  return statement;
}

std::expected<std::size_t, sql::UniqueViolation> Connection::execute(sql::Sql sql, sql::Values values) {
  auto& statement = prepared(sql);
  statement.start(values);
  const int code = statement.step();
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
    sql::UniqueViolation violation{constraint_name(sqlite3_errmsg(database_.get()))};
    statement.finish();
    return std::unexpected(std::move(violation));
  }
  if (code == SQLITE_DONE) {
    statement.finish();
    return static_cast<std::size_t>(sqlite3_changes64(database_.get()));
  }
  statement.finish();  // SQLite keeps the error for fail()
  require(code != SQLITE_ROW, "execute() runs statements that return no rows");
  fail(code);
}

std::size_t Connection::run(sql::Sql sql, sql::Values values) {
  const auto changed = execute(sql, values);
  require(changed.has_value(), "this statement breaks no unique constraint");
  return *changed;
}

void Connection::run_script(sql::Sql script) {
  if (const int code = sqlite3_exec(database_.get(), script.sqlite(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    fail(code);
}

void Connection::run_plain(sql::Sql sql) {
  auto& statement = prepared(sql);
  statement.start({});
  const int code = statement.step();
  statement.finish();
  if (code != SQLITE_DONE) fail(code);
}
void Connection::begin_write() { run_plain("BEGIN IMMEDIATE"); }
void Connection::begin_read() { run_plain("BEGIN"); }
void Connection::commit() { run_plain("COMMIT"); }
void Connection::savepoint() { run_plain("SAVEPOINT closure"); }
void Connection::release_savepoint() { run_plain("RELEASE closure"); }
void Connection::rollback_to_savepoint() { run_plain("ROLLBACK TO closure"); }
void Connection::rollback() noexcept {
  try {
    if (in_transaction()) run_plain("ROLLBACK");
  } catch (
      const Outage&) {  // SQLite has rolled back by itself, or the connection is beyond use; in_transaction() tells
  }
}
bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

CommitOutcome Connection::try_commit() {
  auto& statement = prepared("COMMIT");
  statement.start({});
  const int code = statement.step();
  note(code);
  statement.finish();
  if (code == SQLITE_DONE) return CommitOutcome::durable;
  rollback();
  // A full disk refuses the frames before the sync; every other failure may come after it.
  const int kind = code & 0xff;
  return kind == SQLITE_FULL || kind == SQLITE_BUSY ? CommitOutcome::rolled_back : CommitOutcome::unknown;
}

bool Connection::checkpoint(int mode) {
  const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, mode, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  fail(code);
}
bool Connection::checkpoint_passive() { return checkpoint(SQLITE_CHECKPOINT_PASSIVE); }
bool Connection::checkpoint_and_restart(bool truncate) {
  sqlite3_busy_timeout(database_.get(), 0);  // a long read must not hold up the writer
  try {
    const bool done = checkpoint(truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART);
    sqlite3_busy_timeout(database_.get(), busy_timeout_ms);
    if (done) wal_pages_ = 0;
    return done;
  } catch (...) {
    sqlite3_busy_timeout(database_.get(), busy_timeout_ms);
    throw;
  }
}
std::uint64_t Connection::wal_bytes() const {
  return wal_pages_ == 0 ? 0 : wal_header_bytes + wal_pages_ * (wal_frame_header_bytes + page_bytes);
}

std::string Connection::last_error() const {
  return fmt::format("{} (code {})", sqlite3_errmsg(database_.get()), sqlite3_extended_errcode(database_.get()));
}
void Connection::note(int code) noexcept { lost_a_sync_ = lost_a_sync_ || is_sync_failure(code); }
void Connection::fail(int code) {
  note(code);
  throw Outage("sqlite", database_ ? last_error() : sqlite3_errstr(code));
}

}  // namespace propusk::sqlite
