// What every store must do with closures: all or nothing, effects in time, deadlines, snapshots.
#include <atomic>
#include <thread>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::Inserted, core::Transaction;

TEST_P(StoreContract, a_refusal_rolls_back_rows_and_effects) {
  auto closure = [](Transaction& t) -> core::Result<bool> {
    t.accounts().insert(account(1));
    t.credentials().insert(credential("secret", 1));
    return core::refuse(core::Refusal::limited, seconds{30});
  };

  const auto answer = run(store_->write(closure, soon()));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why, core::Refusal::limited);
  EXPECT_FALSE(find(1));
  EXPECT_TRUE(effects_.applied().empty());
}

TEST_P(StoreContract, a_closure_that_throws_leaves_nothing_and_its_exception_arrives) {
  auto closure = [](Transaction& t) -> core::Result<bool> {
    t.accounts().insert(account(1));
    throw Bug("planted");
  };

  EXPECT_THROW(run(store_->write(closure, soon())), Bug);

  EXPECT_FALSE(find(1));
  EXPECT_TRUE(effects_.applied().empty());
  write([](Transaction& t) { EXPECT_EQ(t.accounts().insert(account(1)), Inserted::yes); });
  EXPECT_TRUE(find(1));
}

TEST_P(StoreContract, an_exception_of_a_read_arrives_and_the_next_read_works) {
  const auto throws = [](const Transaction&) -> int { throw Bug("planted"); };

  EXPECT_THROW(read(throws), Bug);

  EXPECT_FALSE(find(1));
}

/// What a test observes of a write from outside, in order.
struct Observed {
  std::atomic<bool> resumed{false}, applied_before_resumed{false}, durable_when_applied{false};
};
Task<bool> write_and_note(core::Store& store, Deadline deadline, Observed& observed) {
  auto closure = [](Transaction& t) -> core::Result<Inserted> { return t.accounts().insert(account(1)); };
  const auto answer = co_await store.write(closure, deadline);
  observed.resumed = true;
  co_return answer.has_value();
}

TEST_P(StoreContract, effects_come_after_the_commit_and_before_the_answer) {
  Observed observed;
  effects_.on_apply = [&](const core::Effects&) {
    observed.applied_before_resumed = !observed.resumed;
    observed.durable_when_applied = find(1).has_value();
  };

  EXPECT_TRUE(run(write_and_note(*store_, soon(), observed)));

  EXPECT_TRUE(observed.applied_before_resumed);
  EXPECT_TRUE(observed.durable_when_applied);
}

TEST_P(StoreContract, effects_arrive_in_commit_order) {
  insert(account(1));

  for (int i = 0; i < 5; ++i) write([](Transaction& t) { t.accounts().end_everything(AccountId{1}); });

  core::Epoch expected = 1;
  for (const auto& standing : effects_.applied().standings) EXPECT_EQ(standing.now->epoch, expected++);
  EXPECT_EQ(expected, 7);
}

TEST_P(StoreContract, a_deadline_in_the_past_is_an_outage_and_nothing_runs) {
  const Deadline past = clock_.monotonic() - milliseconds{1};
  std::atomic<bool> ran{false};
  auto closure = [&ran](Transaction&) -> core::Result<bool> { return ran = true; };

  EXPECT_THROW(run(store_->write(closure, past)), Outage);
  EXPECT_THROW(run(store_->read([](const Transaction&) { return 1; }, past)), Outage);

  write([](Transaction&) {});  // whatever was queued before has been settled
  EXPECT_FALSE(ran);
}

TEST_P(StoreContract, a_read_sees_one_moment) {
  insert(account(1));

  const auto [before, after] = read([this](const Transaction& t) {
    const auto first = t.accounts().find(AccountId{1})->epoch;
    write([](Transaction& w) { w.accounts().end_everything(AccountId{1}); });
    return std::pair(first, t.accounts().find(AccountId{1})->epoch);
  });

  EXPECT_EQ(before, 1);
  EXPECT_EQ(after, 1);
  EXPECT_EQ(find(1)->epoch, 2);
}

TEST_P(StoreContract, a_closure_sees_its_own_writes_and_those_acknowledged_before) {
  insert(account(1));

  write([](Transaction& t) {
    EXPECT_TRUE(t.accounts().find(AccountId{1}));
    t.accounts().insert(account(2));
    EXPECT_TRUE(t.accounts().find(AccountId{2}));
  });

  EXPECT_TRUE(find(2));
}

/// Counts with read-modify-write: a lost update would show.
Task<void> count_up(core::Store& store, Deadline deadline) {
  auto closure = [](Transaction& t) -> core::Result<bool> {
    const auto seen = t.accounts().find(AccountId{1})->password_hash;
    t.accounts().set_password(AccountId{1}, std::to_string(std::stoi(seen) + 1), instant(1));
    return true;
  };
  for (int i = 0; i < 10; ++i) (void)co_await store.write(closure, deadline);
}

TEST_P(StoreContract, concurrent_read_modify_writes_lose_nothing) {
  core::Account counter = account(1);
  counter.password_hash = "0";
  write([counter](Transaction& t) { t.accounts().insert(counter); });
  boost::asio::io_context io(1);

  for (int i = 0; i < 20; ++i)
    boost::asio::co_spawn(io, count_up(*store_, soon()), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();

  EXPECT_EQ(find(1)->password_hash, "200");
}

TEST_P(StoreContract, reads_on_many_threads_go_on_beside_writes) {
  insert(account(1));
  std::atomic<int> misses{0};
  std::vector<std::thread> readers;

  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&] {
      for (int n = 0; n < 100; ++n) misses += !find(1).has_value();
    });
  for (std::int64_t id = 2; id < 40; ++id) write([id](Transaction& t) { t.accounts().insert(account(id)); });
  for (auto& reader : readers) reader.join();

  EXPECT_EQ(misses, 0);
}

TEST_P(StoreContract, what_was_acknowledged_is_there_after_reopening) {
  insert(account(1));

  store_.reset();
  store_ = open();

  EXPECT_TRUE(find(1));
}

TEST_P(StoreContract, two_stores_on_one_database_see_each_other) {
  const auto other = open();

  insert(account(1));
  auto insert_two = [](Transaction& t) -> core::Result<Inserted> { return t.accounts().insert(account(2)); };
  const auto answer = run(other->write(insert_two, soon()));

  EXPECT_TRUE(answer);
  EXPECT_TRUE(find(2));
  EXPECT_TRUE(run(other->read([](const Transaction& t) { return t.accounts().find(AccountId{1}); }, soon())));
}

}  // namespace
}  // namespace propusk::stores::testing
