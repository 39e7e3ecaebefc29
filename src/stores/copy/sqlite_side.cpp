// A large page cache, because rows come in the order of one index and go into several.
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/outage.hpp"
#include "stores/copy/side.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::copy {
namespace {
constexpr int cache_kib = 524'288;  // holds the indexes of a million accounts and sessions
constexpr std::uint64_t pages_per_checkpoint =
    65'536;  // 256 MiB of log: the fewer, the seldomer a page is written twice

/// Whoever has a database open in WAL mode holds a shared lock on this byte of its -shm file, for as long as that
/// (UNIX_SHM_DMS in SQLite's os_unix.c).
constexpr off_t held_by_the_open = 128;

class SqliteSide final : public Side {
 public:
  SqliteSide(const std::filesystem::path& file, File how)
      : file_(file),
        connection_({.file = file,
                     .cache_kib = cache_kib,
                     .reads_only = how != File::written,
                     .is_finished = how == File::finished}) {}
  sql::Connection& connection() override { return connection_; }
  void begin_read() override { connection_.begin_read(); }
  void begin_read_alone() override { connection_.begin_read(); }
  void be_patient() override {}
  void insert(const Batch& batch, std::size_t from) override {
    std::vector<sql::Value> row(batch.table().columns.size());
    for (std::size_t i = from; i < batch.rows(); ++i) {
      for (std::size_t column = 0; column < row.size(); ++column) row[column] = batch.at(i, column);
      batch.table().insert(connection_, row);
    }
  }
  void tidy() override {
    if (connection_.wal_pages() >= pages_per_checkpoint) connection_.checkpoint_and_restart(false);
  }
  void begin_many() override {}
  void end_many() override {}
  void agree_with_rows() override {}
  void finish() override { connection_.checkpoint_and_restart(true); }
  std::vector<std::string> take() override { return others(); }
  std::vector<std::string> others() override {
    const std::string index = file_.string() + "-shm";
    const int opened = looked_at_.emplace_back(::open(index.c_str(), O_RDONLY | O_CLOEXEC)).get();
    if (opened < 0 && errno == ENOENT) return {};
    struct flock lock{.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = held_by_the_open, .l_len = 1, .l_pid = 0};
    if (opened < 0 || ::fcntl(opened, F_GETLK, &lock) != 0)
      throw Outage("sqlite", fmt::format("nobody can tell who uses {} ({})", index, std::strerror(errno)));
    if (lock.l_type == F_UNLCK) return {};
    return {lock.l_pid > 0 ? fmt::format("process {}", lock.l_pid) : "another process"};
  }

 private:
  std::filesystem::path file_;
  /// Longer than the connection: who closes any descriptor of a file loses all its locks on it, SQLite's too.
  std::vector<Descriptor> looked_at_;
  sqlite::Connection connection_;
};
}  // namespace

std::unique_ptr<Side> open_sqlite(const std::filesystem::path& file, File how) {
  return std::make_unique<SqliteSide>(file, how);
}

}  // namespace propusk::copy
