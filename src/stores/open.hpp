// open(): from settings to a store, whatever database is behind it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/limits/shared_buckets.hpp"
#include "core/sessions/effects.hpp"
#include "core/store.hpp"

namespace propusk::stores {

/// A copy at one moment; counters since open.
struct Figures {
  std::uint64_t writes = 0;             ///< closures whose answer was sent after a commit, refusals included
  std::uint64_t batches = 0;            ///< durable commits
  std::uint64_t commit_micros = 0;      ///< spent in those commits
  std::uint64_t lost_transactions = 0;  ///< rolled back by the database, run again one by one
  std::uint64_t failed_writes = 0;      ///< answered with an Outage
  std::uint64_t skipped_writes = 0;     ///< their deadline had passed in the queue
  std::uint64_t checkpoints = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t queue_depth = 0;
  std::uint64_t conflicts = 0;         ///< transactions run again because another did not agree
  std::uint64_t reconnects = 0;        ///< connections that were lost
  std::uint64_t resolved_commits = 0;  ///< lost before the answer to COMMIT, and found out afterwards
  int connections = 0;                 ///< to a database server, now
  bool reachable = true;               ///< the database answers, and other nodes are heard from
  bool broken = false;                 ///< an fsync failed: nothing is written until the process starts again
};

/// A store and what it tells its operator.
class OperatedStore : public core::Store {
 public:
  [[nodiscard]] virtual Figures figures() const = 0;
  /// The buckets that all nodes on one database share; nullptr where there is one node only.
  [[nodiscard]] virtual core::SharedBuckets* shared_buckets() { return nullptr; }
};

enum class LogLevel : std::uint8_t { info, warning, error };
/// Called from the store's threads; holds no secret.
using Log = std::function<void(LogLevel, std::string_view)>;
/// Starts a named thread; std::thread because the store joins its threads in an order of its own.
using StartThread = std::function<std::thread(const char* name, std::function<void()> body)>;

/// What another node may have changed, so that it is to be read again.
struct Elsewhere {
  bool clients = false, keys = false;
};
using OnElsewhere = std::function<void(const Elsewhere&)>;

struct OpenOptions {
  std::filesystem::path directory;  ///< the caller holds its lock
  std::filesystem::path file;       ///< of the embedded database; below the directory unless absolute
  std::string url;                  ///< postgresql://…; empty: the embedded database
  std::int64_t node = 0;            ///< among those that share the database: whose a leased mail is
  std::size_t connections = 8;      ///< to a database server, besides the one that listens
  milliseconds statement_timeout{1'500};
  StartThread start_thread;
  Log log;
  OnElsewhere on_elsewhere;  ///< called from the store's threads
};
/// Opens or creates and migrates. `effects` and `clock` outlive the store, and so do the executors of whoever waits on
/// it. Throws Outage with the file and a sentence that says what is wrong.
std::unique_ptr<OperatedStore> open(OpenOptions options, core::EffectSink& effects, const Clock& clock, Random& random);

}  // namespace propusk::stores
