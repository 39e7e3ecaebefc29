// GroupCommit: many closures, one durable commit. Each closure has its savepoint; nobody is answered before the disk.
#pragma once
#include <functional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "core/sessions/effects.hpp"
#include "stores/sqlite/connection.hpp"
#include "stores/sqlite/figures.hpp"
#include "stores/sqlite/write_queue.hpp"

namespace propusk::sqlite {

using stores::Log;
using stores::LogLevel;

/// Used by the writer's thread alone. The references outlive it.
class GroupCommit {
 public:
  struct Deps {
    Connection& connection;
    core::EffectSink& effects;
    const Clock& clock;
    Counters& counters;
    const Log& log;
  };
  explicit GroupCommit(Deps deps) : deps_(deps) {}

  /// Runs and answers every write. Those whose deadline has passed are not run. When the database loses the
  /// transaction (a full disk rolls everything back), each write runs again in a transaction of its own.
  /// After a failed fsync (`counters.broken`) nothing is run and nothing acknowledged any more.
  void settle(std::vector<QueuedWrite> writes);

 private:
  enum class Outcome : std::uint8_t { answered, lost };
  void settle_live(std::span<QueuedWrite> writes);
  Outcome run_together(std::span<QueuedWrite> writes);
  Outcome commit(std::span<QueuedWrite> writes, const core::Effects& effects);
  void run(QueuedWrite& write, core::Effects& effects);
  void fail_all(std::span<QueuedWrite> writes, std::string_view why);
  void break_if_a_sync_failed();

  Deps deps_;
};

}  // namespace propusk::sqlite
