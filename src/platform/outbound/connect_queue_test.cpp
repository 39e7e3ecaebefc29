// So many at once and no more; whoever waits gets the turn of whoever leaves, or is told that it is too late.
#include "platform/outbound/connect_queue.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <optional>

namespace propusk::platform {
namespace {
/// Somebody who asked for a turn, and what came of it.
struct Visitor {
  bool has_left = false;  ///< the queue, with a turn or without
  std::optional<ConnectQueue::Turn> turn{};
};

Task<void> visit(ConnectQueue& queue, std::string host, Deadline deadline, Visitor& visitor) {
  std::optional<ConnectQueue::Turn> turn = co_await queue.enter(std::move(host), deadline);
  if (turn) visitor.turn.emplace(std::move(*turn));
  visitor.has_left = true;
}

struct ConnectQueueTest : ::testing::Test {
  Visitor& enter(const std::string& host, milliseconds patience = std::chrono::hours{1}) {
    Visitor& visitor = *visitors.emplace_back(std::make_unique<Visitor>());
    boost::asio::co_spawn(context, visit(queue, host, std::chrono::steady_clock::now() + patience, visitor),
                          boost::asio::detached);
    settle();
    return visitor;
  }
  /// Runs what can run now.
  void settle() {
    context.restart();
    context.poll();
  }
  void fill(const std::string& host) {
    for (std::size_t i = 0; i < ConnectQueue::at_once; ++i) EXPECT_TRUE(enter(host).turn) << i;
  }

  std::deque<std::unique_ptr<Visitor>> visitors;
  boost::asio::io_context context{1};
  ConnectQueue queue{context.get_executor()};
  // Turns are given back to the queue, so they go before it.
  ~ConnectQueueTest() override { visitors_go(); }
  void visitors_go() {
    for (const auto& visitor : visitors) visitor->turn.reset();
  }
};

TEST_F(ConnectQueueTest, one_more_waits_until_somebody_is_done_and_another_host_does_not) {
  fill("a:443");
  Visitor& first = enter("a:443");
  Visitor& second = enter("a:443");
  EXPECT_FALSE(first.has_left);
  EXPECT_TRUE(enter("b:443").turn);

  visitors[0]->turn.reset();
  settle();
  EXPECT_TRUE(first.turn);
  EXPECT_FALSE(second.has_left);

  first.turn.reset();
  settle();
  EXPECT_TRUE(second.turn);
}

TEST_F(ConnectQueueTest, at_the_deadline_nobody_waits_any_longer) {
  fill("a:443");
  Visitor& late = enter("a:443", milliseconds{1});
  context.restart();
  while (!late.has_left) context.run_one();
  EXPECT_FALSE(late.turn);

  Visitor& next = enter("a:443");
  visitors[0]->turn.reset();
  settle();
  EXPECT_TRUE(next.turn) << "whoever gave up is not in the way";
}

TEST_F(ConnectQueueTest, when_all_have_left_turns_are_free_again) {
  fill("a:443");
  visitors_go();
  fill("a:443");
}

TEST(ConnectQueueEndTest, those_who_wait_may_be_abandoned) {
  std::optional<ConnectQueue> queue;
  std::deque<Visitor> visitors(ConnectQueue::at_once + 1);
  {
    boost::asio::io_context context(1);
    queue.emplace(context.get_executor());
    for (Visitor& visitor : visitors)
      boost::asio::co_spawn(context,
                            visit(*queue, "a:443", std::chrono::steady_clock::now() + std::chrono::hours{1}, visitor),
                            boost::asio::detached);
    context.poll();
  }
  EXPECT_FALSE(visitors[ConnectQueue::at_once].has_left);
  for (Visitor& visitor : visitors) visitor.turn.reset();
}

}  // namespace
}  // namespace propusk::platform
