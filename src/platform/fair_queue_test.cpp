// Turns between prefixes, order within one, and both bounds.
#include "platform/fair_queue.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace propusk::platform {
namespace {
struct FairQueueTest : ::testing::Test {
  const ClientAddress ann = *ClientAddress::parse("192.0.2.1"), bob = *ClientAddress::parse("192.0.2.2");
  const ClientAddress eve = *ClientAddress::parse("2001:db8::");
};

std::string drain(FairQueue<std::string>& queue) {
  std::string out;
  while (auto job = queue.pop()) out += *job;
  return out;
}

TEST_F(FairQueueTest, prefixes_take_turns_and_keep_their_own_order) {
  FairQueue<std::string> queue(100, 100);
  for (const char* job : {"a", "b", "c", "d"}) queue.push(eve, job);
  for (const char* job : {"1", "2"}) queue.push(ann, job);
  queue.push(bob, "x");

  EXPECT_EQ(queue.size(), 7U);
  EXPECT_EQ(drain(queue), "a1xb2cd");
  EXPECT_EQ(queue.size(), 0U);
}

TEST_F(FairQueueTest, a_newcomer_waits_for_one_job_of_every_other) {
  FairQueue<std::string> queue(100, 100);
  for (int i = 0; i < 50; ++i) queue.push(eve, "e");
  EXPECT_EQ(queue.pop(), "e");

  queue.push(ann, "A");

  EXPECT_EQ(queue.pop(), "e");
  EXPECT_EQ(queue.pop(), "A");
}

TEST_F(FairQueueTest, one_prefix_has_its_part_and_all_have_the_whole) {
  FairQueue<std::string> queue(3, 2);
  EXPECT_TRUE(queue.push(eve, "1"));
  EXPECT_TRUE(queue.push(eve, "2"));
  EXPECT_FALSE(queue.push(eve, "3"));
  EXPECT_TRUE(queue.push(ann, "4"));
  EXPECT_FALSE(queue.push(bob, "5"));

  queue.pop();

  EXPECT_TRUE(queue.push(bob, "6"));
  EXPECT_EQ(drain(queue), "426");
}

TEST_F(FairQueueTest, a_prefix_that_left_comes_back_like_a_new_one) {
  FairQueue<std::unique_ptr<int>> queue(2, 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(queue.push(ann, std::make_unique<int>(i)));
    EXPECT_EQ(**queue.pop(), i);
  }
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace propusk::platform
