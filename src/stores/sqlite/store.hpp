// SqliteStore: the embedded store: one file, one writer with group commit, reads on the caller's thread.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "stores/sqlite/group_commit.hpp"
#include "stores/sqlite/reader_pool.hpp"

namespace propusk::sqlite {

using stores::StartThread;

struct Options {
  std::filesystem::path directory;            ///< the caller holds its lock
  std::filesystem::path file = "propusk.db";  ///< below the directory unless absolute
  int writer_cache_kib = 8192;                ///< holds the pages of a full batch
  int reader_cache_kib = 2048;                ///< per connection; the kernel's page cache holds the rest
  std::size_t idle_readers = 4;               ///< connections kept open between reads
  std::size_t queue_capacity = 4096;          ///< writes waiting: 0.1 s of work at 37,000/s (STACK.md §3)
  /// Commits begin at least so far apart: a lone write does not wait, a stream of them shares commits.
  milliseconds commit_spacing{0};
  std::size_t batch_limit = 256;          ///< writes per commit: about 7 ms of work at that rate
  std::uint64_t checkpoint_pages = 1000;  ///< WAL growth between checkpoints; SQLite's own default
  std::uint64_t wal_limit_pages = 4096;   ///< 16 MiB: from here on the writer makes the WAL start over
  StartThread start_thread{};             ///< empty = a plain std::thread
  Log log{};                              ///< empty = nobody listens
  std::string vfs{};                      ///< for fault tests; "" = the platform's own
  Synchronous synchronous = Synchronous::full;
};

/// Waiters are resumed on their own executors: these must outlive the store. Reads run inline.
class SqliteStore final : public stores::OperatedStore {
 public:
  /// Opens or creates the database and migrates it. `effects` and `clock` outlive the store. Throws Outage with a
  /// sentence that says what is wrong.
  SqliteStore(Options options, core::EffectSink& effects, const Clock& clock);
  /// Finishes what is queued, empties the WAL into the database (never after a failed fsync) and closes.
  ~SqliteStore() override;

  [[nodiscard]] Figures figures() const override;

 protected:
  Task<void> run_read(std::shared_ptr<ReadJob> job, Deadline deadline) override;
  Task<void> run_write(std::shared_ptr<WriteJob> job, Deadline deadline) override;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// The store in `options.directory`.
std::unique_ptr<SqliteStore> open_store(Options options, core::EffectSink& effects, const Clock& clock);

}  // namespace propusk::sqlite
