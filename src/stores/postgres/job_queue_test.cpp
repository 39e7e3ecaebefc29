// JobQueue: in order, writes together, and never begun for who has gone.
#include "stores/postgres/job_queue.hpp"

#include <gtest/gtest.h>

#include "base/outage.hpp"

namespace propusk::postgres {
namespace {
struct Read final : core::Store::ReadJob {
  void run(const core::Transaction&) override {}
};
struct Write final : core::Store::WriteJob {
  bool run(core::Transaction&) override { return true; }
};
SharedJob a_read() {
  auto job = std::make_shared<Job>();
  job->read = std::make_shared<Read>();
  return job;
}
SharedJob a_write() {
  auto job = std::make_shared<Job>();
  job->write = std::make_shared<Write>();
  return job;
}

SharedJob a_lookup() {
  auto job = std::make_shared<Job>();
  job->wanted = Digest{};
  return job;
}

TEST(JobQueueTest, WritesAtTheHeadAreTakenTogetherUpToTheLimit) {
  JobQueue queue(10);
  const auto first = a_write(), second = a_write(), third = a_write(), read = a_read(), last = a_write();
  for (const auto& job : {first, second, third, read, last}) queue.push(job);

  EXPECT_EQ(queue.take(2), (std::vector{first, second}));
  EXPECT_EQ(queue.take(2), (std::vector{third}));
  EXPECT_EQ(queue.take(2), (std::vector{read}));
  EXPECT_EQ(queue.take(2), (std::vector{last}));
}

TEST(JobQueueTest, LookupsAtTheHeadAreTakenTogetherUpToTheLimit) {
  JobQueue queue(10);
  const auto first = a_lookup(), second = a_lookup(), third = a_lookup(), write = a_write();
  for (const auto& job : {first, second, third, write}) queue.push(job);

  EXPECT_EQ(queue.take(2), (std::vector{first, second}));
  EXPECT_EQ(queue.take(2), (std::vector{third}));
  EXPECT_EQ(queue.take(2), (std::vector{write}));
}

TEST(JobQueueTest, WhatWasAbandonedIsNeverBegun) {
  JobQueue queue(10);
  const auto gone = a_write(), waits = a_write();
  queue.push(gone);
  queue.push(waits);

  EXPECT_TRUE(gone->abandon());

  EXPECT_EQ(queue.take(10), (std::vector{waits}));
  EXPECT_FALSE(waits->abandon()) << "it was begun";
}

TEST(JobQueueTest, WhatWasPutBackComesFirstAndCanBeAbandonedAgain) {
  JobQueue queue(10);
  const auto first = a_read(), second = a_read();
  queue.push(first);
  queue.push(second);
  queue.put_back(queue.take(1));

  EXPECT_EQ(queue.take(1), (std::vector{first}));
  queue.put_back({first});
  EXPECT_TRUE(first->abandon());
  EXPECT_EQ(queue.take(1), (std::vector{second}));
}

TEST(JobQueueTest, WhatWasLeftIsNotBegunAgain) {
  JobQueue queue(10);
  const auto left = a_write(), waits = a_write();
  queue.push(left);
  const auto taken = queue.take(1);
  EXPECT_FALSE(left->leave()) << "it may still succeed";
  EXPECT_TRUE(left->is_left());
  queue.push(waits);
  queue.put_back(taken);

  EXPECT_EQ(queue.take(10), (std::vector{waits}));
  queue.put_back({waits});
  EXPECT_TRUE(waits->leave()) << "nothing came of it";
}

TEST(JobQueueTest, FullAndClosedQueuesRefuse) {
  JobQueue queue(1);
  queue.push(a_read());
  EXPECT_THROW(queue.push(a_read()), Outage);

  queue.close();

  EXPECT_EQ(queue.take(1).size(), 1U) << "what was queued is still taken";
  EXPECT_TRUE(queue.take(1).empty());
  EXPECT_THROW(queue.push(a_read()), Outage);
  EXPECT_TRUE(queue.rest(milliseconds{60'000}));
}

}  // namespace
}  // namespace propusk::postgres
