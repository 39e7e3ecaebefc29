// JobQueue: the bounded line between the threads that ask and the connections that work.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/pending.hpp"
#include "core/store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::postgres {

/// Work on its way: a read, a write, a credential to be looked up, or a statement that is a transaction by itself.
/// Shared by whoever waits and the connection that works.
struct Job {
  std::shared_ptr<core::Store::ReadJob> read;
  std::shared_ptr<core::Store::WriteJob> write;
  std::optional<Digest> wanted;
  std::optional<core::CredentialStore::Held> found;  ///< of the wanted one, once it is done
  std::function<void(sql::Connection&)> statement;
  Deadline deadline;
  std::shared_ptr<Pending<std::monostate>> waiter;  ///< nullptr: nobody waits
  enum class State : std::uint8_t { queued, begun, left, abandoned };
  std::atomic<State> state{State::queued};

  /// For a connection: false if nobody waits any more.
  bool begin() { return move_on(State::queued, State::begun); }
  /// For a connection that could do nothing: back to the state before begin(). Nobody waiting, it is never begun again.
  void unbegin() {
    if (!move_on(State::begun, State::queued)) state = State::abandoned;
  }
  /// For the waiter: true if nothing was begun, and nothing will be.
  bool abandon() { return move_on(State::queued, State::abandoned); }
  /// For the waiter that goes: true as for abandon(). Else what is under way may still succeed, but is not begun again:
  /// who was told of an outage must not meet its effect much later.
  bool leave() {
    while (!abandon())
      if (move_on(State::begun, State::left)) return false;
    return true;
  }
  [[nodiscard]] bool is_left() const { return state == State::left; }

 private:
  bool move_on(State from, State to) { return state.compare_exchange_strong(from, to); }
};
using SharedJob = std::shared_ptr<Job>;

/// Thread-safe.
class JobQueue {
 public:
  explicit JobQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Throws Outage when the queue is full or closed.
  void push(SharedJob job);
  /// Jobs that were begun without effect go back to the head of the line.
  void put_back(std::vector<SharedJob> jobs);
  /// Waits for a job and begins it; of writes, and of lookups, all that stand at the head, at most `limit`. Empty =
  /// closed and drained.
  std::vector<SharedJob> take(std::size_t limit);
  /// Refuses further jobs; those already queued are still taken.
  void close();
  /// Waits for so long, or until the queue is closed: true then.
  bool rest(milliseconds pause);
  [[nodiscard]] std::size_t depth() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_, closed_;  ///< two, lest a job wakes who only rests
  std::deque<SharedJob> jobs_;
  bool is_closed_ = false;
};

}  // namespace propusk::postgres
