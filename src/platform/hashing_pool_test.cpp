// The pool's promises: right answers, fairness, bounds, deadlines, an orderly end. A held gate makes each case exact.
#include "platform/hashing_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fstream>
#include <latch>
#include <thread>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/metrics.hpp"

namespace propusk::platform {
namespace {
using namespace std::chrono_literals;
using core::Refusal;
using core::Result;
using Work = std::move_only_function<int()>;

Secret<> secret(std::string_view text) { return Secret<>(std::string(text)); }

/// What became of one call.
template <class T>
struct Seen {
  std::optional<Result<T>> result;
  std::string outage;
  [[nodiscard]] bool is_overloaded() const { return result && !*result && result->error().why == Refusal::overloaded; }
};

Task<> run_into(HashingPool& pool, Work work, Caller caller, Seen<int>& seen) {
  try {
    seen.result = co_await pool.run(std::move(work), caller);
  } catch (const Outage& outage) {
    seen.outage = outage.cause();
  }
}
Task<> hash_into(HashingPool& pool, std::string password, Caller caller, Seen<std::string>& seen) {
  seen.result = co_await pool.hash(Secret<>(std::move(password)), caller);
}
Task<> verify_into(HashingPool& pool, std::string password, std::string phc, Caller caller, Seen<bool>& seen) {
  seen.result = co_await pool.verify(Secret<>(std::move(password)), std::move(phc), caller);
}

/// Occupies a hashing thread until it is opened.
struct Gate {
  std::latch entered{1}, opened{1};
  Work work() {
    return [this] {
      entered.count_down();
      opened.wait();
      return 0;
    };
  }
};

class HashingPoolTest : public ::testing::Test {
 protected:
  static HashingPoolSettings settings(unsigned threads = 1) { return {.cost = {8, 1}, .threads = threads}; }
  Caller caller(std::string_view address = "192.0.2.1", milliseconds within = 1min) {
    return {*ClientAddress::parse(address), "", clock_.monotonic() + within};
  }
  void start(boost::asio::io_context& context, Task<> task) {
    co_spawn(context, std::move(task), boost::asio::detached);
  }
  void start(Task<> task) { start(context_, std::move(task)); }
  /// Lets everything started so far reach its wait.
  void settle() {
    context_.restart();
    context_.poll();
  }
  void finish() {
    context_.restart();
    context_.run();
  }
  /// Holds the only thread of `pool`.
  void hold(HashingPool& pool, Gate& gate) {
    start(run_into(pool, gate.work(), caller("198.51.100.1"), held_));
    settle();
    gate.entered.wait();
  }
  std::string hash(HashingPool& pool, std::string password) {
    Seen<std::string> seen;
    start(hash_into(pool, std::move(password), caller(), seen));
    finish();
    return seen.result->value();
  }
  bool verify(HashingPool& pool, std::string password, std::string phc) {
    Seen<bool> seen;
    start(verify_into(pool, std::move(password), std::move(phc), caller(), seen));
    finish();
    return seen.result->value();
  }

  testing::FakeClock clock_;
  testing::SeededRandom random_;
  boost::asio::io_context context_;
  Seen<int> held_;
};

TEST_F(HashingPoolTest, a_password_matches_its_own_hash_only) {
  HashingPool pool(settings(), random_, clock_);

  const std::string phc = hash(pool, "correct horse");

  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_TRUE(verify(pool, "correct horse", phc));
  EXPECT_FALSE(verify(pool, "wrong horse", phc));
  EXPECT_NE(hash(pool, "correct horse"), phc) << "salts are fresh";
  EXPECT_TRUE(pool.arena_in_use());
}

TEST_F(HashingPoolTest, the_decoy_costs_the_same_and_nothing_matches_it) {
  HashingPool pool(settings(), random_, clock_);
  EXPECT_FALSE(verify(pool, "", pool.decoy()));
  EXPECT_EQ(parse_argon2(pool.decoy())->cost, (Argon2Cost{8, 1}));
  EXPECT_FALSE(pool.is_outdated(pool.decoy()));
}

TEST_F(HashingPoolTest, hashes_of_other_parameters_are_outdated_and_still_match) {
  HashingPool pool(settings(), random_, clock_);
  const std::string phc = hash(pool, "x");
  const std::string costlier = hash_argon2(secret("x"), {1024, 2}, {});

  EXPECT_FALSE(pool.is_outdated(phc));
  EXPECT_TRUE(pool.is_outdated(costlier));
  EXPECT_TRUE(pool.is_outdated("!unusable"));
  EXPECT_TRUE(verify(pool, "x", costlier));
  EXPECT_FALSE(verify(pool, "y", costlier));
}

TEST_F(HashingPoolTest, an_unreadable_or_too_costly_hash_is_one_hash_of_work_and_no_match) {
  HashingPool pool({.cost = {4096, 3}, .threads = 1}, random_, clock_);
  const auto spent = [&](const std::string& phc) {
    const auto before = pool.counters().busy_microseconds.load();
    EXPECT_FALSE(verify(pool, "x", phc)) << phc;
    return pool.counters().busy_microseconds.load() - before;
  };
  auto least = spent(pool.decoy());  // the least of several: other work on the machine only adds
  for (int i = 0; i < 4; ++i) least = std::min(least, spent(pool.decoy()));

  for (const char* phc :
       {"", "!unusable", "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"})
    EXPECT_GT(spent(phc), least / 10) << phc;  // without the work it would be a thousandth
}

TEST_F(HashingPoolTest, a_flood_of_one_prefix_delays_another_by_one_hash) {
  HashingPool pool(settings(), random_, clock_);
  Gate gate;
  hold(pool, gate);
  std::vector<Seen<int>> seen(102);
  std::vector<std::string> order;  // written by the one hashing thread, read after it
  const auto job = [&order](std::string name) { return [&order, name] { return order.push_back(name), 0; }; };

  for (int i = 0; i < 100; ++i) start(run_into(pool, job("flood"), caller("2001:db8::" + std::to_string(i)), seen[i]));
  settle();
  start(run_into(pool, job("guest"), caller("2001:db8:0:1::1"), seen[100]));
  start(run_into(pool, job("other"), caller("192.0.2.9"), seen[101]));
  settle();
  EXPECT_EQ(pool.queued(), 102U);
  gate.opened.count_down();
  finish();

  ASSERT_EQ(order.size(), 102U);
  EXPECT_EQ(order[0], "flood");
  EXPECT_EQ(order[1], "guest");
  EXPECT_EQ(order[2], "other");
}

TEST_F(HashingPoolTest, a_full_queue_refuses_at_once_and_says_when_to_come_back) {
  auto narrow = settings();
  narrow.queue_limit = 3;
  narrow.queue_limit_per_prefix = 2;
  HashingPool pool(narrow, random_, clock_);
  Gate gate;
  hold(pool, gate);
  std::vector<Seen<int>> seen(5);

  for (std::size_t i = 0; i < 3; ++i) start(run_into(pool, [] { return 1; }, caller("192.0.2.1"), seen[i]));
  for (std::size_t i = 3; i < 5; ++i)
    start(run_into(pool, [] { return 1; }, caller("192.0.2." + std::to_string(i)), seen[i]));
  settle();

  EXPECT_FALSE(seen[0].result || seen[3].result || seen[4].result);
  EXPECT_TRUE(seen[2].is_overloaded()) << "the prefix has its part";
  EXPECT_TRUE(seen[1].is_overloaded()) << "the queue is full: a newcomer takes the place of a flood's newest";
  EXPECT_GE(seen[1].result->error().retry_after, 1s);
  EXPECT_EQ(pool.counters().refused, 2U);
  gate.opened.count_down();
  finish();
  EXPECT_EQ(seen[0].result->value() + seen[3].result->value() + seen[4].result->value(), 3);
}

TEST_F(HashingPoolTest, a_job_whose_deadline_passes_in_the_queue_is_refused_and_never_run) {
  HashingPool pool(settings(), random_, clock_);
  Gate gate;
  hold(pool, gate);
  Seen<int> late, next;
  bool ran = false;

  start(run_into(pool, [&ran] { return ran = true, 1; }, caller("192.0.2.1", 5ms), late));
  settle();
  context_.restart();
  while (!late.result) context_.run_one();
  EXPECT_TRUE(late.is_overloaded());
  EXPECT_GE(late.result->error().retry_after, 1s);
  start(run_into(pool, [] { return 2; }, caller("192.0.2.1"), next));
  settle();
  gate.opened.count_down();
  finish();

  EXPECT_EQ(next.result->value(), 2);
  EXPECT_FALSE(ran);
  EXPECT_EQ(pool.counters().dropped, 1U);
}

TEST_F(HashingPoolTest, a_job_whose_waiter_is_gone_is_not_run) {
  HashingPool pool(settings(), random_, clock_);
  Gate gate;
  hold(pool, gate);
  Seen<int> never, next;
  bool ran = false;
  {
    boost::asio::io_context abandoned;
    start(abandoned, run_into(pool, [&ran] { return ran = true, 1; }, caller(), never));
    abandoned.poll();
    EXPECT_EQ(pool.queued(), 1U);
  }

  start(run_into(pool, [] { return 2; }, caller(), next));
  settle();
  gate.opened.count_down();
  finish();

  EXPECT_EQ(next.result->value(), 2);
  EXPECT_FALSE(ran);
  EXPECT_EQ(pool.counters().dropped, 1U);
}

TEST_F(HashingPoolTest, stopping_refuses_the_queue_finishes_what_runs_and_refuses_what_comes) {
  HashingPool pool(settings(), random_, clock_);
  Gate gate;
  hold(pool, gate);
  std::vector<Seen<int>> queued(3);
  for (auto& one : queued) start(run_into(pool, [] { return 1; }, caller(), one));
  settle();

  std::jthread stopper([&pool] { pool.stop(); });
  context_.restart();
  while (!queued[0].result || !queued[1].result || !queued[2].result) context_.run_one();
  for (const auto& one : queued) EXPECT_TRUE(one.is_overloaded());
  EXPECT_FALSE(held_.result);
  gate.opened.count_down();
  finish();
  stopper.join();

  EXPECT_EQ(held_.result->value(), 0);
  Seen<int> afterwards;
  start(run_into(pool, [] { return 1; }, caller(), afterwards));
  finish();
  EXPECT_TRUE(afterwards.is_overloaded());
  pool.stop();
}

TEST_F(HashingPoolTest, what_work_throws_is_the_callers) {
  HashingPool pool(settings(), random_, clock_);
  Seen<int> seen;
  start(run_into(pool, []() -> int { throw Outage("argon2", "no memory"); }, caller(), seen));
  finish();
  EXPECT_EQ(seen.outage, "no memory");
}

/// Mappings that are left out of dumps and wiped in children: the arenas alone (proc(5), VmFlags).
int mapped_arenas() {
  std::ifstream file("/proc/self/smaps");
  int count = 0;
  for (std::string line; std::getline(file, line);)
    count += line.starts_with("VmFlags:") && line.contains(" dd") && line.contains(" wf");
  return count;
}

TEST_F(HashingPoolTest, an_idle_thread_gives_its_arena_back_and_hashes_again_later) {
  {
    HashingPool patient(settings(2), random_, clock_);
    hash(patient, "x");
    ASSERT_EQ(mapped_arenas(), 1) << "the thread that hashed keeps its arena";
  }
  auto soon = settings(2);
  soon.arena_idle = 1ms;
  HashingPool pool(soon, random_, clock_);
  const std::string phc = hash(pool, "x");

  const Deadline patience = clock_.monotonic() + 20s;
  while (mapped_arenas() != 0 && clock_.monotonic() < patience) std::this_thread::yield();

  EXPECT_EQ(mapped_arenas(), 0);
  EXPECT_TRUE(verify(pool, "x", phc));
}

TEST_F(HashingPoolTest, many_clients_of_several_io_threads_all_get_their_own_answers) {
  std::array<boost::asio::io_context, 3> contexts;  // they outlive the pool
  HashingPool pool(settings(3), random_, clock_);
  const std::string costly = hash_argon2(secret("0"), {256, 1}, {});
  const auto client = [&](boost::asio::io_context& context, const std::string& address) {
    std::vector<Seen<std::string>> hashes(40);
    std::vector<Seen<bool>> matches(40);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      start(context, hash_into(pool, std::to_string(i), caller(address), hashes[i]));
      start(context, verify_into(pool, std::to_string(i), costly, caller(address), matches[i]));
    }
    context.run();
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      EXPECT_TRUE(verify_argon2(Secret<>(std::to_string(i)), hashes[i].result->value()));
      EXPECT_EQ(matches[i].result->value(), i == 0);
    }
  };

  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < contexts.size(); ++i)
      threads.emplace_back(client, std::ref(contexts[i]), "192.0.2." + std::to_string(i));
  }

  EXPECT_EQ(pool.counters().refused, 0U);
  EXPECT_EQ(pool.queued(), 0U);
}

TEST_F(HashingPoolTest, the_pool_reports_its_figures) {
  HashingPool pool(settings(), random_, clock_);
  hash(pool, "x");
  Metrics metrics("test");
  metrics.add_source([&pool](MetricSink& sink) { pool.report(sink); });

  pool.stop();
  const std::string text = metrics.text();

  EXPECT_TRUE(text.contains("\npropusk_password_hash_duration_seconds_count 1\n")) << text;
  for (const char* line : {"propusk_hash_queue_depth 0\n", "propusk_hash_threads 1\n", "propusk_hash_arena_in_use 1\n",
                           "propusk_hash_refused_total 0\n", "propusk_hash_dropped_total 0\n"})
    EXPECT_TRUE(text.contains(line)) << text;
}

}  // namespace
}  // namespace propusk::platform
