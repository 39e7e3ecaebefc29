// The SQLite store on bad disks: power cuts, a failing sync, no room; and its own limits under load.
#include <algorithm>
#include <boost/asio/detached.hpp>
#include <future>
#include <semaphore>

#include "stores/contract/store_contract.hpp"
#include "stores/sqlite/store.hpp"
#include "stores/sqlite/testing/power_cut_vfs.hpp"
#include "stores/sqlite/testing/power_cuts.hpp"

namespace propusk::sqlite {
namespace {
using core::AccountId, core::Transaction;
using stores::testing::account, stores::testing::EffectLog, stores::testing::run, stores::testing::TemporaryDirectory;

TEST(PowerCutTest, no_acknowledged_write_is_lost) {
  const auto report = testing::power_cuts({.cuts = 10});

  EXPECT_EQ(report.lost, 0U);
  EXPECT_EQ(report.unreadable, 0U);
  EXPECT_GT(report.acknowledged, 100U);
}

TEST(PowerCutTest, the_control_without_a_sync_per_commit_loses_some) {
  const auto report = testing::power_cuts({.cuts = 10, .synchronous = Synchronous::normal});

  EXPECT_GT(report.lost, 0U);
}

/// What became of each write of a test, by account id.
struct Answers {
  std::vector<std::int64_t> acknowledged, outages;
};

class FaultyDiskTest : public ::testing::Test {
 protected:
  Options options() { return {.directory = directory_.path(), .vfs = disk_.name()}; }
  [[nodiscard]] Deadline soon() const { return clock_.monotonic() + seconds{30}; }

  static Task<void> insert(core::Store& store, core::Account account, Deadline deadline, Answers& answers) {
    const auto id = static_cast<std::int64_t>(account.id);
    try {
      auto closure = [&account](Transaction& t) -> core::Result<core::Inserted> {
        return t.accounts().insert(account);
      };
      (co_await store.write(closure, deadline) ? answers.acknowledged : answers.outages).push_back(id);
    } catch (const Outage&) {
      answers.outages.push_back(id);
    }
  }
  /// Writes the accounts together: one batch, because the writer is kept busy until all are queued.
  Answers insert_in_one_batch(const std::vector<core::Account>& accounts) {
    Answers answers;
    std::binary_semaphore writer_is_busy(0), all_are_queued(0);
    boost::asio::io_context io(1);
    auto busy = [&](Transaction&) -> core::Result<bool> {
      writer_is_busy.release();
      all_are_queued.acquire();
      return true;
    };
    auto blocker = std::async(std::launch::async, [&] { return run(store_.write(busy, soon())).has_value(); });
    writer_is_busy.acquire();
    for (const auto& one : accounts)
      boost::asio::co_spawn(io, insert(store_, one, soon(), answers), boost::asio::detached);
    while (store_.figures().queue_depth < accounts.size() && io.run_one() > 0) {
    }
    all_are_queued.release();
    io.run();
    EXPECT_TRUE(blocker.get());
    return answers;
  }
  Answers insert_alone(std::int64_t id) {
    Answers answers;
    run(insert_and_return(store_, account(id), soon(), answers));
    return answers;
  }
  static Task<bool> insert_and_return(core::Store& store, core::Account account, Deadline deadline, Answers& answers) {
    co_await insert(store, std::move(account), deadline, answers);
    co_return true;
  }
  std::vector<std::int64_t> stored() {
    const auto all =
        run(store_.read([](const Transaction& t) { return t.accounts().list(AccountId{0}, 10'000); }, soon()));
    std::vector<std::int64_t> ids;
    for (const auto& one : all) ids.push_back(static_cast<std::int64_t>(one.id));
    return ids;
  }

  TemporaryDirectory directory_;
  testing::PowerCutVfs disk_{1};
  stores::testing::FakeClock clock_;
  EffectLog effects_;
  SqliteStore store_{options(), effects_, clock_};
};

core::Account huge_account(std::int64_t id) {
  core::Account huge = account(id);
  huge.password_hash.assign(16'000'000, 'x');  // twice the writer's cache: it reaches the disk before the commit
  return huge;
}

TEST_F(FaultyDiskTest, one_write_too_big_for_the_disk_does_not_take_its_neighbours_along) {
  disk_.set_capacity(disk_.used() + 4'000'000);

  const Answers answers = insert_in_one_batch({account(1), account(2), huge_account(3), account(4)});

  EXPECT_EQ(answers.outages, std::vector<std::int64_t>{3});
  EXPECT_EQ(answers.acknowledged, (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(stored(), (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(effects_.applied().standings.size(), 3U);
  EXPECT_GE(store_.figures().lost_transactions, 1U);
  disk_.cut_now();
  TemporaryDirectory survived;
  disk_.write_survivors(survived.path());
  SqliteStore reopened({.directory = survived.path()}, effects_, clock_);
  EXPECT_TRUE(run(reopened.read([](const Transaction& t) { return t.accounts().find(AccountId{4}); }, soon())));
}

TEST_F(FaultyDiskTest, a_full_disk_refuses_writes_keeps_reads_and_heals) {
  insert_alone(1);
  disk_.set_capacity(0);

  const Answers full = insert_in_one_batch({account(2), account(3)});
  const auto readable = stored();
  disk_.set_capacity(std::nullopt);
  const Answers healed = insert_alone(2);

  EXPECT_EQ(full.outages, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(readable, std::vector<std::int64_t>{1});
  EXPECT_EQ(healed.acknowledged, std::vector<std::int64_t>{2});
  EXPECT_FALSE(store_.figures().broken);
  EXPECT_EQ(effects_.applied().standings.size(), 2U);
}

TEST_F(FaultyDiskTest, after_a_failed_sync_nothing_is_acknowledged_any_more) {
  insert_alone(1);
  disk_.fail_sync_after(1);

  const Answers failed = insert_in_one_batch({account(2), account(3)});
  const Answers later = insert_alone(4);

  EXPECT_TRUE(disk_.has_failed_a_sync());
  EXPECT_EQ(failed.outages, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(later.outages, std::vector<std::int64_t>{4});
  EXPECT_TRUE(store_.figures().broken);
  EXPECT_EQ(effects_.applied().standings.size(), 1U);
  EXPECT_EQ(effects_.forgotten().standings.size(), 2U);
}

TEST(FailingSyncTest, whichever_sync_fails_no_acknowledged_write_is_lost) {
  for (std::uint64_t nth = 1; nth <= 40; nth += 3) {
    TemporaryDirectory directory, survived;
    testing::PowerCutVfs disk(nth);
    stores::testing::FakeClock clock;
    EffectLog effects;
    std::vector<std::int64_t> acknowledged;
    {
      SqliteStore store(
          {.directory = directory.path(), .checkpoint_pages = 20, .wal_limit_pages = 60, .vfs = disk.name()}, effects,
          clock);
      disk.fail_sync_after(nth);
      // The sync that fails may be the checkpointer's, on its own thread: writes go on until the store has noticed, and
      // some more.
      for (std::int64_t id = 1, refused = 0; refused < 20; ++id) try {
          auto closure = [id](Transaction& t) -> core::Result<core::Inserted> {
            return t.accounts().insert(account(id));
          };
          if (run(store.write(closure, clock.monotonic() + seconds{30}))) acknowledged.push_back(id);
        } catch (const Outage&) {
          ++refused;
        }
      disk.cut_now();
    }
    ASSERT_TRUE(disk.has_failed_a_sync());
    disk.write_survivors(survived.path());

    SqliteStore reopened({.directory = survived.path()}, effects, clock);
    const auto all = run(reopened.read([](const Transaction& t) { return t.accounts().list(AccountId{0}, 100'000); },
                                       clock.monotonic() + seconds{30}));

    for (const auto id : acknowledged)
      EXPECT_NE(std::ranges::find(all, AccountId{id}, &core::Account::id), all.end())
          << "sync " << nth << ", account " << id;
  }
}

TEST_F(FaultyDiskTest, a_batch_is_one_sync_and_a_neighbours_refusal_rolls_back_only_itself) {
  insert_alone(1);
  const auto before = store_.figures();

  const Answers answers = insert_in_one_batch({account(2), account(3), account(4)});

  EXPECT_EQ(answers.acknowledged.size(), 3U);
  EXPECT_EQ(store_.figures().batches - before.batches, 2U);  // the blocker's and the batch's
  EXPECT_EQ(store_.figures().writes - before.writes, 4U);
}

TEST_F(FaultyDiskTest, a_write_whose_deadline_passed_in_the_queue_never_runs) {
  std::binary_semaphore writer_is_busy(0), go_on(0);
  std::atomic<bool> ran{false};
  auto busy = [&](Transaction&) -> core::Result<bool> {
    writer_is_busy.release();
    go_on.acquire();
    return true;
  };
  auto late = [&ran](Transaction&) -> core::Result<bool> { return ran = true; };
  const Deadline later = soon(), shortly = clock_.monotonic() + seconds{10};
  auto blocker = std::async(std::launch::async, [&] { return run(store_.write(busy, later)).has_value(); });
  writer_is_busy.acquire();
  auto waiter = std::async(std::launch::async, [&] { EXPECT_THROW(run(store_.write(late, shortly)), Outage); });
  while (store_.figures().queue_depth == 0) std::this_thread::yield();

  clock_.advance(seconds{11});
  go_on.release();
  waiter.get();

  EXPECT_TRUE(blocker.get());
  EXPECT_FALSE(ran);
  EXPECT_EQ(store_.figures().skipped_writes, 1U);
}

TEST(WriteQueueTest, a_full_queue_is_an_outage_at_once) {
  WriteQueue queue(1);
  queue.push({});

  EXPECT_THROW(queue.push({}), Outage);
  EXPECT_EQ(queue.take(10, {}).size(), 1U);
  queue.close("closing");
  EXPECT_THROW(queue.push({}), Outage);
  EXPECT_TRUE(queue.take(10, {}).empty());
}

TEST(SqliteStoreTest, the_wal_stays_bounded_under_load_and_is_empty_after_closing) {
  TemporaryDirectory directory;
  stores::testing::FakeClock clock;
  EffectLog effects;
  const auto wal = directory.path() / "propusk.db-wal";
  constexpr std::uint64_t limit = 100;
  {
    SqliteStore store({.directory = directory.path(), .checkpoint_pages = 20, .wal_limit_pages = limit}, effects,
                      clock);
    for (std::int64_t id = 1; id <= 200; ++id) {
      auto closure = [id](Transaction& t) -> core::Result<core::Inserted> { return t.accounts().insert(account(id)); };
      ASSERT_TRUE(run(store.write(closure, clock.monotonic() + seconds{30})));
    }
    EXPECT_LT(std::filesystem::file_size(wal), 2 * limit * 4120);
    EXPECT_GT(store.figures().batches * 3 * 4120, 2 * limit * 4120);  // without a bound it would be larger
  }
  EXPECT_TRUE(!std::filesystem::exists(wal) || std::filesystem::file_size(wal) == 0);
}

TEST(SqliteStoreTest, its_threads_are_started_by_the_hook) {
  TemporaryDirectory directory;
  stores::testing::FakeClock clock;
  EffectLog effects;
  std::vector<std::string> names;
  const StartThread start = [&names](const char* name, std::function<void()> body) {
    names.emplace_back(name);
    return std::thread(std::move(body));
  };

  {
    SqliteStore store({.directory = directory.path(), .start_thread = start}, effects, clock);
  }

  EXPECT_EQ(names, (std::vector<std::string>{"checkpoints", "writer"}));
}

}  // namespace
}  // namespace propusk::sqlite
