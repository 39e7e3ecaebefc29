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
  EXPECT_FALSE(queue.push(eve, "1"));
  EXPECT_FALSE(queue.push(eve, "2"));
  EXPECT_EQ(queue.push(eve, "3"), "3") << "its part is full";
  EXPECT_FALSE(queue.push(ann, "4"));
  EXPECT_EQ(queue.push(ann, "5"), "5") << "the whole is full, and no line is longer";
  EXPECT_EQ(queue.size(), 3U);
}

TEST_F(FairQueueTest, in_a_full_queue_a_newcomer_displaces_the_newest_job_of_the_longest_line) {
  FairQueue<std::string> queue(3, 3);
  for (const char* job : {"1", "2", "3"}) queue.push(eve, job);
  EXPECT_EQ(queue.push(ann, "A"), "3");
  EXPECT_EQ(queue.push(bob, "B"), "2");
  EXPECT_EQ(queue.push(eve, "4"), "4") << "everybody has one";
  EXPECT_EQ(drain(queue), "1AB");
}

TEST_F(FairQueueTest, a_prefix_that_left_comes_back_like_a_new_one) {
  FairQueue<std::unique_ptr<int>> queue(2, 1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(queue.push(ann, std::make_unique<int>(i)));
    EXPECT_EQ(**queue.pop(), i);
  }
  EXPECT_FALSE(queue.pop());
}

}  // namespace
}  // namespace propusk::platform
