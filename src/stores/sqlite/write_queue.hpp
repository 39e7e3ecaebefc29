// WriteQueue: the bounded line between the threads that ask for writes and the one that writes.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/pending.hpp"
#include "core/store.hpp"

namespace propusk::sqlite {

/// A write on its way: who runs it, until when, and who waits for it.
struct QueuedWrite {
  std::shared_ptr<core::Store::WriteJob> job;
  Deadline deadline;
  std::shared_ptr<Pending<std::monostate>> waiter;
  std::exception_ptr thrown;  ///< by the closure, in its last run
};

/// Thread-safe.
class WriteQueue {
 public:
  explicit WriteQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Throws Outage when the queue is full or closed.
  void push(QueuedWrite write);
  /// Waits for a write, then at most `patience` longer for company, and takes at most `limit`, in order. Empty = closed
  /// and drained.
  std::vector<QueuedWrite> take(std::size_t limit, std::chrono::steady_clock::duration patience);
  /// Refuses further writes with `why`; those already queued are still taken.
  void close(std::string why);
  [[nodiscard]] std::size_t depth() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<QueuedWrite> writes_;
  std::string closed_because_;  ///< "" = open
};

}  // namespace propusk::sqlite
