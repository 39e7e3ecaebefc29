// Passive mode only: it never waits for readers and never keeps the writer out.
#include "stores/sqlite/checkpointer.hpp"

#include <string>
#include <utility>

#include "base/outage.hpp"

namespace propusk::sqlite {

Checkpointer::Checkpointer(ConnectionSettings settings, Counters& counters, const Log& log)
    : connection_(settings), counters_(counters), log_(log) {}

void Checkpointer::run() {
  while (wait())
    if (!counters_.broken) checkpoint();
}

bool Checkpointer::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return wanted_ || stopped_; });
  wanted_ = false;
  return !stopped_;
}

void Checkpointer::checkpoint() {
  try {
    connection_.checkpoint_passive();
    ++counters_.checkpoints;
    failing_ = false;
  } catch (const Outage& outage) {
    if (connection_.lost_a_sync()) counters_.broken = true;
    if (!std::exchange(failing_, true)) log_(LogLevel::error, "a checkpoint failed: " + outage.cause());
  }
}

void Checkpointer::wake() {
  {
    std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_one();
}

void Checkpointer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
}

}  // namespace propusk::sqlite
