// open(): from settings to a store, whatever database is behind it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
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
  bool broken = false;  ///< an fsync failed: nothing is written until the process starts again
};

/// A store and what it tells its operator.
class OperatedStore : public core::Store {
 public:
  [[nodiscard]] virtual Figures figures() const = 0;
};

enum class LogLevel : std::uint8_t { info, warning, error };
/// Called from the store's threads; holds no secret.
using Log = std::function<void(LogLevel, std::string_view)>;
/// Starts a named thread; std::thread because the store joins its threads in an order of its own.
using StartThread = std::function<std::thread(const char* name, std::function<void()> body)>;

struct OpenOptions {
  std::filesystem::path directory;  ///< the caller holds its lock
  std::filesystem::path file;       ///< of the embedded database; below the directory unless absolute
  StartThread start_thread;
  Log log;
};
/// Opens or creates and migrates. `effects` and `clock` outlive the store, and so do the executors of whoever waits on
/// it. Throws Outage with the file and a sentence that says what is wrong.
std::unique_ptr<OperatedStore> open(OpenOptions options, core::EffectSink& effects, const Clock& clock);

}  // namespace propusk::stores
