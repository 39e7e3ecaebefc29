// HashingPool: the threads that hash passwords: as many as cores, in the background, bounded and fair by client prefix.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/pending.hpp"
#include "base/random.hpp"
#include "core/passwords/password_hasher.hpp"
#include "platform/argon2.hpp"
#include "platform/fair_queue.hpp"
#include "platform/hashing_arena.hpp"

namespace propusk::platform {

class MetricSink;

struct HashingPoolSettings {
  Argon2Cost cost;
  unsigned threads = 0;  ///< 0: one per core
  /// 2.6 s of work on two cores at 400 hashes/s (STACK.md §2), 15 s on one slow core: within a request's 30 s.
  std::size_t queue_limit = 1024;
  /// An eighth of the queue: one prefix cannot fill it, and an office behind one address still signs in at once.
  std::size_t queue_limit_per_prefix = 128;
  std::chrono::milliseconds arena_idle{5000};  ///< after that long without work a thread gives its arena back
};

/// Plain numbers for the metrics; relaxed.
struct HashingCounters {
  std::atomic<std::uint64_t> done = 0;               ///< jobs worked off
  std::atomic<std::uint64_t> busy_microseconds = 0;  ///< their time on the threads
  std::atomic<std::uint64_t> refused = 0;            ///< no room in the queue, or stopped
  std::atomic<std::uint64_t> dropped = 0;            ///< queued until their deadline, their waiter or the pool was gone
};

class HashingPool final : public core::PasswordHasher {
 public:
  /// Hashes once to see whether the arena takes effect and how long a hash takes, then starts the threads. Both
  /// references outlive the pool. Throws Outage if there is no memory for one hash or a thread cannot be started.
  HashingPool(HashingPoolSettings settings, Random& random, const Clock& clock);
  ~HashingPool() override;  ///< stop()
  HashingPool(const HashingPool&) = delete;
  HashingPool& operator=(const HashingPool&) = delete;

  Task<core::Result<std::string>> hash(Secret<> password, const Caller& caller) override;
  Task<core::Result<bool>> verify(Secret<> password, std::string phc, const Caller& caller) override;
  [[nodiscard]] const std::string& decoy() const override { return decoy_; }
  [[nodiscard]] bool is_outdated(const std::string& phc) const override;

  /// Runs anything that costs milliseconds of computing: `work` owns all it touches, because a waiter may leave. The
  /// exception of `work` is the caller's. Refuses overloaded (with retry_after) at once when the queue is full, and
  /// when caller.deadline passes first. `caller` belongs to the awaiting frame.
  template <class T>
  Task<core::Result<T>> run(std::move_only_function<T()> work, const Caller& caller);

  /// Refuses what is queued, finishes what runs, joins the threads. Later jobs are refused. Idempotent. Must have
  /// returned before the io_context of any waiter goes away: a thread that answers touches it.
  void stop();

  /// False: the wrapper is not linked in and every hash maps its memory anew, 1.4 to 2.9 times slower; say so.
  [[nodiscard]] bool arena_in_use() const { return arena_in_use_; }
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(threads_.size()); }
  [[nodiscard]] const HashingCounters& counters() const { return counters_; }
  /// Writes the pool's metrics.
  void report(MetricSink& sink) const;

 private:
  /// Called once, on a hashing thread with true or with false to drop the job; answers the waiter, if there still is
  /// one.
  using Ending = std::move_only_function<void(bool admitted)>;
  struct Job {
    Deadline deadline;
    Ending end;
  };
  void enqueue(const Caller& caller, Ending end);
  void work();
  std::optional<Job> next(HashingArena& arena);
  void count_work_since(Deadline began);
  bool verify_now(const Secret<>& password, const std::string& phc);
  [[nodiscard]] core::Refuse overloaded() const;

  const HashingPoolSettings settings_;
  Random& random_;
  const Clock& clock_;
  const std::string decoy_;
  bool arena_in_use_ = false;
  std::uint64_t first_hash_microseconds_ = 0;
  HashingCounters counters_;
  mutable std::mutex mutex_;  // guards queue_ and stopping_
  std::condition_variable wake_;
  FairQueue<Job> queue_;
  bool stopping_ = false;
  std::mutex costly_;  // held by the one hash that needs more memory than an arena has
  std::vector<std::jthread> threads_;
};

template <class T>
Task<core::Result<T>> HashingPool::run(std::move_only_function<T()> work, const Caller& caller) {
  using Waiter = Pending<std::optional<T>>;  // an inner nothing is a refusal
  auto waiter = std::make_shared<Waiter>(co_await this_executor());
  Ending end = [this, listener = std::weak_ptr<Waiter>(waiter), work = std::move(work)](bool admitted) mutable {
    std::optional<T> value;
    std::exception_ptr error;
    if (admitted && !listener.expired()) {
      const Deadline began = clock_.monotonic();
      try {
        value.emplace(work());
      } catch (...) {
        error = std::current_exception();
      }
      count_work_since(began);
    } else {
      counters_.dropped.fetch_add(1, std::memory_order_relaxed);
    }
    if (auto listening = listener.lock())
      error ? listening->fail(std::move(error)) : listening->complete(std::move(value));
  };
  enqueue(caller, std::move(end));
  std::optional<std::optional<T>> answer = co_await waiter->wait(caller.deadline);
  if (!answer || !*answer) co_return overloaded();
  co_return std::move(**answer);
}

}  // namespace propusk::platform
