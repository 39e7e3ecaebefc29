// The wiring: queue → writer thread → group commit, the checkpointer beside it, readers on the callers' threads.
#include "stores/sqlite/store.hpp"

#include "base/outage.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/checkpointer.hpp"

namespace propusk::sqlite {
namespace {
ConnectionSettings settings(const Options& options, int cache_kib, bool reads_only) {
  return {.file = options.directory / options.file,
          .vfs = options.vfs,
          .cache_kib = cache_kib,
          .synchronous = options.synchronous,
          .reads_only = reads_only};
}

Options with_defaults(Options options) {
  if (!options.start_thread)
    options.start_thread = [](const char*, std::function<void()> body) { return std::thread(std::move(body)); };
  if (!options.log) options.log = [](LogLevel, std::string_view) {};
  return options;
}
}  // namespace

struct SqliteStore::Inside {
  Inside(Options given, core::EffectSink& sink, const Clock& time)
      : options(with_defaults(std::move(given))),
        clock(time),
        connection(settings(options, options.writer_cache_kib, false)),
        commits({connection, sink, clock, counters, options.log}),
        queue(options.queue_capacity),
        readers(settings(options, options.reader_cache_kib, true), options.idle_readers) {
    sql::migrate(connection, sql::all_migrations(), clock.now());
    checkpointer.emplace(settings(options, options.reader_cache_kib, false), counters, options.log);
  }

  ~Inside();
  void start() {
    checkpoints = options.start_thread("checkpoints", [this] { checkpointer->run(); });
    writes = options.start_thread("writer", [this] { write_until_closed(); });
  }
  void write_until_closed();
  void bound_the_wal();

  const Options options;
  const Clock& clock;
  Counters counters;
  Connection connection;  ///< the writer's
  GroupCommit commits;
  WriteQueue queue;
  ReaderPool readers;
  std::optional<Checkpointer> checkpointer;  ///< opens the database once it is migrated
  std::uint64_t checkpoint_at = 0;           ///< WAL pages at which the checkpointer is woken next
  std::thread writes, checkpoints;
};

void SqliteStore::Inside::write_until_closed() {
  Deadline next_commit{};
  for (;;) {
    auto batch = queue.take(options.batch_limit, next_commit - clock.monotonic());
    if (batch.empty()) return;
    next_commit = clock.monotonic() + options.commit_spacing;
    const auto lost_before = counters.lost_transactions.load();
    commits.settle(std::move(batch));
    if (counters.lost_transactions != lost_before) checkpointer->wake();  // on a full disk it may free room in the WAL
    bound_the_wal();
  }
}

void SqliteStore::Inside::bound_the_wal() {
  const auto pages = connection.wal_pages();
  if (pages + options.checkpoint_pages < checkpoint_at) checkpoint_at = 0;  // the WAL started over
  if (checkpoint_at == 0) checkpoint_at = options.checkpoint_pages;
  if (pages < options.wal_limit_pages) {
    if (pages < checkpoint_at) return;
    checkpoint_at = pages + options.checkpoint_pages;
    return checkpointer->wake();
  }
  if (counters.broken) return;
  try {  // refused while the checkpointer is at it; it is not woken again, so a later batch succeeds
    connection.checkpoint_and_restart(false);
  } catch (const Outage& outage) {
    if (connection.lost_a_sync()) counters.broken = true;
    options.log(LogLevel::error, "a checkpoint failed: " + outage.cause());
  }
}

SqliteStore::Inside::~Inside() {
  queue.close("the server is shutting down");
  if (writes.joinable()) writes.join();
  checkpointer->stop();
  if (checkpoints.joinable()) checkpoints.join();
  checkpointer.reset();
  if (counters.broken) return;
  try {
    connection.checkpoint_and_restart(true);
  } catch (const Outage& outage) {
    options.log(LogLevel::warning, "the last checkpoint failed, the next start will do it: " + outage.cause());
  }
}

SqliteStore::SqliteStore(Options options, core::EffectSink& effects, const Clock& clock)
    : inside_(std::make_unique<Inside>(std::move(options), effects, clock)) {
  inside_->start();
}
SqliteStore::~SqliteStore() = default;

Task<void> SqliteStore::run_read(std::shared_ptr<ReadJob> job, Deadline deadline) {
  if (inside_->clock.monotonic() >= deadline) throw Outage("store", "the deadline passed before the read began");
  ReaderPool::Snapshot snapshot(inside_->readers);
  sql::Transaction transaction(snapshot.connection());
  job->run(transaction);
  co_return;
}

Task<void> SqliteStore::run_write(std::shared_ptr<WriteJob> job, Deadline deadline) {
  if (inside_->clock.monotonic() >= deadline) throw Outage("store", "the deadline passed before the write began");
  auto waiter = std::make_shared<Pending<std::monostate>>(co_await this_executor());
  inside_->queue.push({std::move(job), deadline, waiter, nullptr});
  if (!co_await waiter->wait(deadline)) throw Outage("store", "the deadline passed; the write may still happen");
}

Figures SqliteStore::figures() const {
  const auto& counters = inside_->counters;
  return {.writes = counters.writes,
          .batches = counters.batches,
          .commit_micros = counters.commit_micros,
          .lost_transactions = counters.lost_transactions,
          .failed_writes = counters.failed_writes,
          .skipped_writes = counters.skipped_writes,
          .checkpoints = counters.checkpoints,
          .wal_bytes = counters.wal_bytes,
          .queue_depth = inside_->queue.depth(),
          .broken = counters.broken};
}

std::unique_ptr<SqliteStore> open_store(Options options, core::EffectSink& effects, const Clock& clock) {
  const std::string file = options.directory / options.file;
  try {
    return std::make_unique<SqliteStore>(std::move(options), effects, clock);
  } catch (const Outage& outage) {
    throw Outage(file, outage.cause());
  }
}

}  // namespace propusk::sqlite
