// One lock guards the queue; hashing holds none. A thread that stays without work gives its arena back and sleeps on.
#include "platform/hashing_pool.hpp"

#include <algorithm>
#include <system_error>

#include "base/outage.hpp"
#include "platform/metrics.hpp"
#include "platform/scheduling.hpp"

namespace propusk::platform {
namespace {
/// Longer waits are guesses: the load has changed by then.
constexpr std::uint64_t longest_retry_seconds = 30;

unsigned thread_count(const HashingPoolSettings& settings) {
  return settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
}
}  // namespace

HashingPool::HashingPool(HashingPoolSettings settings, Random& random, const Clock& clock)
    : settings_(settings),
      random_(random),
      clock_(clock),
      decoy_(unmatchable_argon2(settings.cost, random)),
      queue_(settings.queue_limit, settings.queue_limit_per_prefix) {
  HashingArena arena(settings_.cost.bytes());
  const Deadline began = clock_.monotonic();
  {
    HashingArena::Scope scope(arena);
    hash_argon2(Secret<>(), settings_.cost, random_.bytes<std::tuple_size_v<Argon2Salt>>());
  }
  first_hash_microseconds_ =
      static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(clock_.monotonic() - began).count());
  arena_in_use_ = arena.served() != 0;
  try {
    for (unsigned i = 0; i < thread_count(settings_); ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error& refused) {
    stop();  // or the threads that did start would be waited for without end
    throw Outage("hashing threads", refused.what());
  }
}

HashingPool::~HashingPool() { stop(); }

Task<core::Result<std::string>> HashingPool::hash(Secret<> password, const Caller& caller) {
  std::move_only_function<std::string()> job = [password = std::move(password), cost = settings_.cost,
                                                salt = random_.bytes<std::tuple_size_v<Argon2Salt>>()] {
    return hash_argon2(password, cost, salt);
  };
  return run(std::move(job), caller);
}

Task<core::Result<bool>> HashingPool::verify(Secret<> password, std::string phc, const Caller& caller) {
  std::move_only_function<bool()> job = [this, password = std::move(password), phc = std::move(phc)] {
    return verify_now(password, phc);
  };
  return run(std::move(job), caller);
}

bool HashingPool::verify_now(const Secret<>& password, const std::string& phc) {
  const auto stored = parse_argon2(phc);
  const bool costly = stored && stored->cost.bytes() > settings_.cost.bytes();
  const auto turn = costly ? std::unique_lock(costly_) : std::unique_lock<std::mutex>();
  const bool matched = verify_argon2(password, stored ? phc : decoy_);
  // A stored hash that is cheaper than the configured cost must not tell that the account exists.
  const bool cheaper =
      stored && (stored->cost.memory_kib < settings_.cost.memory_kib || stored->cost.passes < settings_.cost.passes);
  if (cheaper && !matched) verify_argon2(password, decoy_);
  return stored && matched;
}

bool HashingPool::is_outdated(const std::string& phc) const {
  const auto stored = parse_argon2(phc);
  return !stored || stored->cost != settings_.cost || stored->lanes != 1;
}

void HashingPool::enqueue(const Caller& caller, Ending end) {
  std::optional<Job> refused;
  {
    std::lock_guard lock(mutex_);
    Job job{caller.deadline, std::move(end)};
    refused = stopping_ ? std::optional<Job>(std::move(job)) : queue_.push(caller.address.prefix(), std::move(job));
  }
  if (refused) {
    counters_.refused.fetch_add(1, std::memory_order_relaxed);
    refused->end(false);
  }
  wake_.notify_one();
}

void HashingPool::work() {
  name_thread("propusk-hash");
  run_in_background();
  HashingArena arena(settings_.cost.bytes());
  while (auto job = next(arena)) {
    HashingArena::Scope scope(arena);
    job->end(clock_.monotonic() < job->deadline);
  }
}

std::optional<HashingPool::Job> HashingPool::next(HashingArena& arena) {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] { return stopping_ || queue_.size() != 0; };
  if (arena.is_mapped() && !wake_.wait_for(lock, settings_.arena_idle, has_work)) {
    lock.unlock();
    arena.release();
    lock.lock();
  }
  wake_.wait(lock, has_work);
  if (stopping_) return std::nullopt;
  return queue_.pop();
}

void HashingPool::count_work_since(Deadline began) {
  const auto spent = std::chrono::duration_cast<microseconds>(clock_.monotonic() - began);
  counters_.busy_microseconds.fetch_add(static_cast<std::uint64_t>(spent.count()), std::memory_order_relaxed);
  counters_.done.fetch_add(1, std::memory_order_relaxed);
}

void HashingPool::stop() {
  std::vector<Job> queued;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    while (auto job = queue_.pop()) queued.push_back(*std::move(job));
  }
  wake_.notify_all();
  for (Job& job : queued) job.end(false);
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

std::size_t HashingPool::queued() const {
  std::lock_guard lock(mutex_);
  return queue_.size();
}

core::Refuse HashingPool::overloaded() const {
  const std::uint64_t done = counters_.done.load(std::memory_order_relaxed);
  const std::uint64_t each =
      done == 0 ? first_hash_microseconds_ : counters_.busy_microseconds.load(std::memory_order_relaxed) / done;
  const std::uint64_t until_empty = (queued() + 1) * each / std::max<std::uint64_t>(1, threads_.size());
  const std::uint64_t wait = std::clamp<std::uint64_t>(until_empty / 1'000'000 + 1, 1, longest_retry_seconds);
  return core::refuse(core::Refusal::overloaded, seconds{static_cast<std::int64_t>(wait)});
}

void HashingPool::report(MetricSink& sink) const {
  const auto read = [](const std::atomic<std::uint64_t>& counter) {
    return static_cast<double>(counter.load(std::memory_order_relaxed));
  };
  sink.summary("propusk_password_hash_duration_seconds", "Time of password hashes on the hashing threads",
               counters_.done.load(std::memory_order_relaxed), read(counters_.busy_microseconds) / 1e6);
  sink.gauge("propusk_hash_queue_depth", "Password hashes waiting for a thread", static_cast<double>(queued()));
  sink.gauge("propusk_hash_threads", "Hashing threads", threads());
  sink.gauge("propusk_hash_arena_in_use", "1 if hashing threads keep their memory between hashes",
             arena_in_use_ ? 1 : 0);
  sink.counter("propusk_hash_refused_total", "Password hashes refused because the queue was full",
               read(counters_.refused));
  sink.counter("propusk_hash_dropped_total", "Queued password hashes dropped because nobody waited any longer",
               read(counters_.dropped));
}

}  // namespace propusk::platform
