// Connection: sqlite3's C API behind RAII: open, prepare, bind by name, map errors.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "stores/sql/connection.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace propusk::sqlite {

/// `normal` exists for the control of the power-cut test alone: it loses acknowledged writes.
enum class Synchronous : std::uint8_t { full, normal };

struct ConnectionSettings {
  std::filesystem::path file;
  std::string vfs{};     ///< "" = the platform's own
  int cache_kib = 2048;  ///< the page cache at most; SQLite's own default is 2000
  Synchronous synchronous = Synchronous::full;
  bool reads_only = false;
  bool is_finished = false;  ///< a file that nobody changes any more, a backup: it is not made, nor touched
};

/// What became of a COMMIT.
enum class CommitOutcome : std::uint8_t {
  durable,
  rolled_back,  ///< nothing of it will ever be seen: a full disk, a busy database
  unknown,      ///< an I/O error: after a crash it may be there or not
};

class Connection;

class CachedStatement final : public sql::Statement {
 public:
  CachedStatement(Connection& connection, sql::Sql sql);
  void start(sql::Values values);
  bool next() override;
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string_view text(int column) const override;
  [[nodiscard]] std::span<const std::byte> bytes(int column) const override;
  void finish() noexcept override;
  /// One step; an extended result code.
  int step();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Connection& connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::vector<int> index_of_;  ///< of $1, $2 …: SQLite numbers them by first appearance
};

/// WAL, foreign keys on, no automatic checkpoint, none at close; waits 1 s for a lock.
class Connection final : public sql::Connection {
 public:
  /// Opens or creates the file. Throws Outage.
  explicit Connection(const ConnectionSettings& settings);

  std::expected<std::size_t, sql::UniqueViolation> execute(sql::Sql sql, sql::Values values) override;
  std::size_t run(sql::Sql sql, sql::Values values) override;
  void run_script(sql::Sql script) override;
  [[nodiscard]] const char* text_of(sql::Sql sql) const override { return sql.sqlite(); }
  void begin_write() override;
  void commit() override;
  void rollback() noexcept override;

  /// A snapshot that lasts until commit() or rollback().
  void begin_read();
  void savepoint();
  void release_savepoint();
  void rollback_to_savepoint();
  /// False also after SQLite rolled the whole transaction back by itself, as it does on a full disk.
  [[nodiscard]] bool in_transaction() const;
  /// commit() for who must know more than "it failed". Never leaves a transaction open.
  CommitOutcome try_commit();

  /// Copies the WAL into the database as far as readers allow, without waiting for anybody. False = others were in the
  /// way.
  bool checkpoint_passive();
  /// The same, then lets the next write begin at the WAL's start (`truncate`: in an empty file).
  bool checkpoint_and_restart(bool truncate);
  /// Pages in the WAL as of this connection's last commit.
  [[nodiscard]] std::uint64_t wal_pages() const { return wal_pages_; }
  [[nodiscard]] std::uint64_t wal_bytes() const;
  /// True once any fsync failed: the kernel may have dropped what it could not write, and a retry would not know.
  [[nodiscard]] bool lost_a_sync() const { return lost_a_sync_; }
  /// What SQLite said last.
  [[nodiscard]] std::string last_error() const;

 protected:
  sql::Statement& start(sql::Sql sql, sql::Values values) override;

 private:
  friend CachedStatement;
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  CachedStatement& prepared(sql::Sql sql);
  void run_plain(sql::Sql sql);
  bool checkpoint(int mode);
  void note(int code) noexcept;
  [[noreturn]] void fail(int code);

  std::unique_ptr<sqlite3, Close> database_;                     // before the statements, which must go first
  std::unordered_map<const char*, CachedStatement> statements_;  ///< by the literal's address
  std::uint64_t wal_pages_ = 0;
  bool lost_a_sync_ = false;
};

}  // namespace propusk::sqlite
