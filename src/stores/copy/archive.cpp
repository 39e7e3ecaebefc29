// Beside the store's own tables stand two of the backup's: what it is, and how many rows with which digest there are.
#include "stores/copy/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"
#include "stores/copy/reader.hpp"
#include "stores/copy/unfinished.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/columns.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::copy {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, std::string_view what) {
  throw Outage("backup", fmt::format("{} {}", file.string(), what));
}
[[noreturn]] void cannot(const fs::path& file, std::string_view what) {
  refuse(file, fmt::format("cannot be {} ({})", what, std::strerror(errno)));
}

void make_durable(const fs::path& path, int flags) {
  const Descriptor opened(::open(path.c_str(), flags | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) cannot(path, "made durable");
}

void remove_database(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((file.string() + suffix).c_str());
}

/// An empty file with a name that nobody else has.
fs::path make_part_of(const fs::path& file) {
  constexpr std::string_view ending = ".part";
  std::string name = fmt::format("{}.XXXXXX{}", file.string(), ending);
  const Descriptor made(::mkostemps(name.data(), ending.size(), O_CLOEXEC));
  if (made.get() < 0) cannot(name, "made");
  return name;
}

/// False, and errno, also if `file` is there. NFS cannot rename like that (EINVAL), but it can refuse a second name.
bool put_in_place(const fs::path& part, const fs::path& file) {
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL || ::link(part.c_str(), file.c_str()) != 0) return false;
  ::unlink(part.c_str());
  return true;
}

void make_empty(const fs::path& file) {
  const Descriptor made(::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (made.get() < 0) cannot(file, "made");
}

/// SQLite's own copy, `into` an empty file, whose mode it keeps: one read snapshot, nothing of what was deleted,
/// nothing of this process in between.
void copy_file_of(const fs::path& store, bool is_finished, const fs::path& into) {
  sqlite::Connection connection({.file = store, .is_finished = is_finished});
  if (!is_finished) require_schema(connection, store.string());
  connection.run("VACUUM INTO $1", {std::string_view(into.native())});
}

std::vector<Sum> copy_rows_of(const Place& store, const fs::path& into, const Clock& clock, const Progress& progress) {
  const auto from = store.open(File::read, clock);
  from->be_patient();
  from->begin_read();
  require_schema(from->connection(), "the database of store.url");
  const auto to = open_sqlite(into, File::written);
  sql::migrate(to->connection(), sql::all_migrations(), clock.now());
  copy_resumably(*from, *to, progress);
  auto sums = compare(*from, *to, {}, progress);
  mark_finished(to->connection());
  from->connection().rollback();
  return sums;
}

Sum sum_of(Side& side, const Table& table, const Progress& progress) {
  Sum sum;
  for (Reader reader(side, table);;) {
    const Batch& batch = reader.next();
    if (batch.rows() == 0) return sum;
    sum.add(batch);
    progress(table.name, sum.rows);
  }
}

/// What is said of the rows, beside them; `sums` may be known already.
std::vector<TableCopied> seal(const fs::path& file, std::vector<Sum> sums, const ArchiveFacts& facts,
                              const Progress& progress) {
  std::vector<TableCopied> sealed;
  const auto side = open_sqlite(file, File::written);
  sql::Connection& connection = side->connection();
  connection.begin_write();
  connection.run_script(
      "CREATE TABLE backup (made_at BIGINT NOT NULL, version TEXT NOT NULL, sealing_key BYTEA);"
      "CREATE TABLE backup_tables (name TEXT NOT NULL PRIMARY KEY, row_count BIGINT NOT NULL, digest BYTEA NOT NULL)");
  const sql::Value key = facts.sealing_key ? sql::Value(as_bytes(facts.sealing_key->reveal())) : sql::Value(nullptr);
  connection.run("INSERT INTO backup (made_at, version, sealing_key) VALUES ($1, $2, $3)",
                 {stored(facts.made_at), std::string_view(facts.version), key});
  if (sums.empty())
    for (const Table& table : tables()) sums.push_back(sum_of(*side, table, progress));
  for (std::size_t i = 0; i < sums.size(); ++i) {
    connection.run("INSERT INTO backup_tables (name, row_count, digest) VALUES ($1, $2, $3)",
                   {tables()[i].name, sums[i].rows, sql::value(sums[i].digest)});
    sealed.push_back({.table = tables()[i].name, .rows = sums[i].rows});
  }
  connection.commit();
  side->finish();
  // Readers of a finished file make no log beside it.
  auto mode = connection.query("PRAGMA journal_mode = DELETE", {});
  if (!mode.next() || mode.row().text(0) != "delete" || mode.next())
    refuse(file, "stays in use: nobody may open it yet");
  return sealed;
}

/// How many of this version's migrations the database has. Throws as migrate() does for what it does not know.
std::size_t known_migrations(sql::Connection& connection, std::string_view whose) {
  require_finished(connection, whose);
  std::size_t count = 0;
  const auto known = sql::all_migrations();
  auto rows = connection.query("SELECT name FROM schema_migrations ORDER BY name", {});
  for (; rows.next(); ++count)
    if (count == known.size() || known[count].name != rows.row().text(0))
      throw Outage("schema", fmt::format("{} has the migration {}, which this version does not know: use the propusk "
                                         "that made it",
                                         whose, rows.row().text(0)));
  return count;
}

/// What the backup says of a table; nothing in one of a version before the table.
std::optional<Sum> recorded_sum(sql::Connection& connection, const Table& table) {
  auto rows = connection.query("SELECT row_count, digest FROM backup_tables WHERE name = $1", {table.name});
  if (!rows.next()) return std::nullopt;
  return Sum{.rows = rows.row().integer(0), .digest = sql::digest(rows.row(), 1)};
}

/// All that can be told of rows whose columns another version listed.
void require_count(const fs::path& file, sql::Connection& connection, const Table& table) {
  const auto was = recorded_sum(connection, table);
  if (!was) return;
  auto rows = connection.query(table.count, {});
  const std::int64_t count = rows.next() ? rows.row().integer(0) : 0;
  require_sum(file, table, {.rows = count, .digest = was->digest}, *was);
}

void check_structure(sql::Connection& connection, const fs::path& file) {
  {
    auto said = connection.query("PRAGMA integrity_check(1)", {});
    if (!said.next() || said.row().text(0) != "ok") refuse(file, fmt::format("is damaged: {}", said.row().text(0)));
  }
  auto orphan = connection.query("PRAGMA foreign_key_check", {});
  if (orphan.next()) refuse(file, fmt::format("is damaged: a row of {} belongs to no row", orphan.row().text(0)));
}
}  // namespace

std::unique_ptr<Side> Place::open(File how, const Clock& clock) const {
  return url.empty() ? open_sqlite(file, how) : open_postgres(url, clock);
}

void require_schema(sql::Connection& connection, std::string_view whose) {
  if (known_migrations(connection, whose) < sql::all_migrations().size())
    throw Outage("schema", fmt::format("{} is as an older version left it: start this one on it once, or use that "
                                       "one for this",
                                       whose));
}

std::vector<TableCopied> make_archive(const Place& store, const fs::path& file, const ArchiveFacts& facts,
                                      const Clock& clock, const Progress& progress) {
  std::error_code failed;
  if (fs::exists(fs::symlink_status(file, failed))) refuse(file, "is there already: name another one");
  const fs::path part = make_part_of(file);
  try {
    std::vector<Sum> sums;
    if (store.url.empty())
      copy_file_of(store.file, false, part);
    else
      sums = copy_rows_of(store, part, clock, progress);
    auto sealed = seal(part, std::move(sums), facts, progress);
    make_durable(part, O_RDONLY);
    if (!put_in_place(part, file)) cannot(file, "put in place");
    make_durable(fs::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY);
    return sealed;
  } catch (...) {
    remove_database(part);
    throw;
  }
}

Archive::Archive(const fs::path& file) : file_(file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) refuse(file, "is not there, or is no file");
  try {
    side_ = open_sqlite(file, File::finished);
    auto rows = side_->connection().query("SELECT made_at, version, sealing_key FROM backup", {});
    if (!rows.next()) refuse(file, "is no backup that propusk finished");
    facts_.made_at = instant(rows.row().integer(0));
    facts_.version = rows.row().text(1);
    if (!rows.row().is_null(2)) {
      const auto key = rows.row().bytes(2);
      facts_.sealing_key.emplace(std::string(reinterpret_cast<const char*>(key.data()), key.size()));
    }
  } catch (const Outage& outage) {
    if (outage.where() == "backup") throw;
    refuse(file, "is no backup of propusk: " + outage.cause());
  }
  is_of_this_version_ = known_migrations(side_->connection(), file.string()) == sql::all_migrations().size();
}

void require_sum(const fs::path& file, const Table& table, const Sum& is, const Sum& was) {
  if (is.rows != was.rows)
    refuse(file, fmt::format("is damaged: {} has {} rows instead of {}", table.name, is.rows, was.rows));
  if (is != was) refuse(file, fmt::format("is damaged: rows of {} were changed", table.name));
}

std::vector<TableCopied> Archive::verify(const Progress& progress) {
  check_structure(side_->connection(), file_);
  std::vector<TableCopied> found;
  for (const Table& table : tables()) {
    const Sum was = recorded_sum(side_->connection(), table).value_or(Sum());
    if (is_of_this_version_)
      require_sum(file_, table, sum_of(*side_, table, progress), was);
    else
      require_count(file_, side_->connection(), table);
    found.push_back({.table = table.name, .rows = was.rows});
  }
  return found;
}

std::vector<Sum> Archive::sums() const {
  std::vector<Sum> sums;
  if (is_of_this_version_)
    for (const Table& table : tables()) sums.push_back(recorded_sum(side_->connection(), table).value_or(Sum()));
  return sums;
}

std::unique_ptr<Side> Archive::rows(const fs::path& scratch, Instant now) const {
  if (is_of_this_version_) return open_sqlite(file_, File::finished);
  check_structure(side_->connection(), file_);
  for (const Table& table : tables()) require_count(file_, side_->connection(), table);
  remove_database(scratch);
  make_empty(scratch);
  copy_file_of(file_, true, scratch);
  auto side = open_sqlite(scratch, File::written);
  sql::migrate(side->connection(), sql::all_migrations(), now);
  return side;
}

}  // namespace propusk::copy
