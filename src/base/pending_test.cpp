// A waiter gets its value, its error or its deadline, whichever thread answers and whoever is first.
#include "base/pending.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <string>
#include <thread>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk {
namespace {
using namespace std::chrono_literals;
using Answers = std::shared_ptr<Pending<std::string>>;

struct Seen {
  std::optional<std::string> value;
  std::string outage;
  bool done = false;
};

Task<> wait(Answers pending, Deadline deadline, Seen& seen) {
  try {
    seen.value = co_await pending->wait(deadline);
  } catch (const Outage& outage) {
    seen.outage = outage.cause();
  }
  seen.done = true;
}

class PendingTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_;
  boost::asio::io_context context_;
  Answers pending_ = std::make_shared<Pending<std::string>>(context_.get_executor());
  Seen seen_;
  void start(Deadline deadline) { co_spawn(context_, wait(pending_, deadline, seen_), boost::asio::detached); }
};

TEST_F(PendingTest, a_value_from_another_thread_arrives) {
  start(clock_.monotonic() + 1min);

  std::jthread worker([this] { pending_->complete("value"); });
  context_.run();

  EXPECT_EQ(seen_.value, "value");
}

TEST_F(PendingTest, a_value_that_was_there_before_the_wait_arrives) {
  pending_->complete("early");
  context_.run();
  context_.restart();

  start(clock_.monotonic() + 1min);
  context_.run();

  EXPECT_EQ(seen_.value, "early");
}

TEST_F(PendingTest, what_the_worker_threw_is_thrown_to_the_waiter) {
  start(clock_.monotonic() + 1min);

  std::jthread worker([this] { pending_->fail(std::make_exception_ptr(Outage("disk", "broken"))); });
  context_.run();

  EXPECT_TRUE(seen_.done);
  EXPECT_FALSE(seen_.value);
  EXPECT_EQ(seen_.outage, "broken");
}

TEST_F(PendingTest, the_deadline_ends_the_wait_and_a_later_value_is_dropped) {
  start(clock_.monotonic() + 1ms);
  context_.run();
  ASSERT_TRUE(seen_.done);
  EXPECT_FALSE(seen_.value);

  pending_->complete("late");
  context_.restart();
  context_.run();

  EXPECT_FALSE(seen_.value);
}

TEST_F(PendingTest, a_value_already_there_wins_over_a_past_deadline) {
  pending_->complete("value");
  context_.run();
  context_.restart();

  start(clock_.monotonic() - 1s);
  context_.run();

  EXPECT_EQ(seen_.value, "value");
}

TEST_F(PendingTest, many_waiters_and_workers_lose_nothing) {
  std::vector<Answers> all;
  std::vector<Seen> seen(200);
  for (auto& one : seen) {
    all.push_back(std::make_shared<Pending<std::string>>(context_.get_executor()));
    co_spawn(context_, wait(all.back(), clock_.monotonic() + 1min, one), boost::asio::detached);
  }

  const auto answer_half = [&all](std::size_t first) {
    for (std::size_t i = first; i < all.size(); i += 2) all[i]->complete(std::to_string(i));
  };
  std::jthread even(answer_half, 0), odd(answer_half, 1);
  context_.run();

  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i].value, std::to_string(i));
}

}  // namespace
}  // namespace propusk
