// Checkpointer: copies the write-ahead log into the database beside the writer, so that no commit waits for it.
#pragma once
#include <condition_variable>
#include <mutex>

#include "stores/sqlite/group_commit.hpp"

namespace propusk::sqlite {

/// run() belongs to one thread; wake() and stop() to any. The references outlive it.
class Checkpointer {
 public:
  Checkpointer(ConnectionSettings settings, Counters& counters, const Log& log);

  /// Checkpoints once per wake() until stop(). A failed fsync breaks the store (SECURITY.md R4); any other failure is
  /// logged, once per row of failures, and tried again at the next wake().
  void run();
  void wake();
  void stop();

 private:
  bool wait();
  void checkpoint();

  Connection connection_;
  Counters& counters_;
  const Log& log_;
  bool failing_ = false;  ///< the last checkpoint failed and was logged
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool stopped_ = false;
};

}  // namespace propusk::sqlite
