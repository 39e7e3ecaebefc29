// Worker: what fails alone and what together, and nothing for who has gone.
#include "stores/postgres/worker.hpp"

#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"
#include "stores/postgres/testing/test_database.hpp"
#include "stores/postgres/testing/unreplicated_commit.hpp"

namespace propusk::postgres {
namespace {
using namespace std::chrono_literals;
using stores::testing::account, stores::testing::credential;

struct Write final : core::Store::WriteJob {
  explicit Write(std::function<void(core::Transaction&)> change) : body(std::move(change)) {}
  bool run(core::Transaction& transaction) override {
    body(transaction);
    return true;
  }
  std::function<void(core::Transaction&)> body;
};

class PostgresWorkerTest : public ::testing::Test {
 protected:
  SharedJob a_job() {
    auto job = std::make_shared<Job>();
    job->deadline = clock.monotonic() + 30s;
    job->waiter = std::make_shared<Pending<std::monostate>>(io.get_executor());
    return job;
  }
  SharedJob a_lookup(const std::string& secret) {
    auto job = a_job();
    job->wanted = sha256(secret);
    return job;
  }
  SharedJob a_write(std::function<void(core::Transaction&)> change) {
    auto job = a_job();
    job->write = std::make_shared<Write>(std::move(change));
    return job;
  }
  /// The jobs, one line of them, by one worker until all are done.
  void work(const std::vector<SharedJob>& jobs) {
    JobQueue queue(100);
    for (const auto& job : jobs) queue.push(job);
    queue.close();
    Worker worker({.url = database.url(), .purpose = "tested", .lock_timeout = 200ms}, 32,
                  {queue, effects, clock, random, counters, log, on_elsewhere, name, 0, turns, doubts_itself});
    worker.run();
  }
  /// Whether it was done; throws what it failed with.
  bool is_done(const SharedJob& job) {
    std::optional<std::optional<std::monostate>> answer;
    std::exception_ptr error;
    io.restart();
    boost::asio::co_spawn(io, propusk::testing::keep(job->waiter->wait(clock.monotonic() + 1s), answer),
                          [&error](std::exception_ptr thrown) { error = thrown; });
    io.run();
    if (error) std::rethrow_exception(error);
    return answer && *answer;
  }
  std::string accounts() { return database.as_superuser("SELECT string_agg(id::text, ',' ORDER BY id) FROM accounts"); }

  testing::TestDatabase database;
  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  stores::testing::EffectLog effects;
  Counters counters;
  Turns turns;
  std::atomic<bool> doubts_itself{false};
  boost::asio::io_context io{1};
  const stores::Log log = [](stores::LogLevel, std::string_view) {};
  const stores::OnElsewhere on_elsewhere = [](const stores::Elsewhere&) {};
  const std::string name = "node";
};

TEST_F(PostgresWorkerTest, EachLookupGetsItsOwn) {
  work({a_write([](core::Transaction& t) {
    t.accounts().insert(account(1));
    t.credentials().insert(credential("one", 1));
    t.credentials().insert(credential("two", 1));
  })});
  const std::vector jobs{a_lookup("one"), a_lookup("none"), a_lookup("two"), a_lookup("one")};

  work(jobs);

  for (const auto& job : jobs) EXPECT_TRUE(is_done(job));
  for (const auto& job : {jobs[0], jobs[2], jobs[3]}) {
    ASSERT_TRUE(job->found);
    EXPECT_EQ(job->found->credential.digest, *job->wanted);
  }
  EXPECT_FALSE(jobs[1]->found);
}

TEST_F(PostgresWorkerTest, LookupsThatWaitTogetherAreOneStatement) {
  Connection other({.url = database.url(), .purpose = "other"}, clock);
  other.begin_write();
  other.run("LOCK TABLE accounts", {});
  std::vector<SharedJob> jobs;
  for (int i = 0; i < 20; ++i) jobs.push_back(a_lookup(std::to_string(i)));
  const auto began = clock.monotonic();

  work(jobs);

  EXPECT_LT(clock.monotonic() - began, 3s) << "one wait for the lock, not twenty of 200 ms";
  for (const auto& job : jobs) EXPECT_THROW(is_done(job), Outage) << "an outage is not \"ended\"";
}

TEST_F(PostgresWorkerTest, ALookupOfWhatThisVersionDoesNotKnowFailsAlone) {
  work({a_write([](core::Transaction& t) {
    for (int i = 1; i <= 2; ++i) {
      t.accounts().insert(account(i));
      t.credentials().insert(credential("of " + std::to_string(i), i));
    }
  })});
  database.as_superuser("UPDATE accounts SET state = 'of a later version' WHERE id = 2");
  const std::vector jobs{a_lookup("of 1"), a_lookup("of 2")};

  work(jobs);

  EXPECT_TRUE(is_done(jobs[0]));
  EXPECT_TRUE(jobs[0]->found);
  EXPECT_ANY_THROW(is_done(jobs[1]));
}

TEST_F(PostgresWorkerTest, AWriteThatWaitsForALockFailsAlone) {
  work({a_write([](core::Transaction& t) { t.accounts().insert(account(1)); })});
  Connection other({.url = database.url(), .purpose = "other"}, clock);
  other.begin_write();
  other.run("UPDATE accounts SET epoch = epoch WHERE id = 1", {});
  const auto touch_one = [](core::Transaction& t) { t.accounts().end_everything(core::AccountId{1}); };
  std::vector jobs{a_write([](core::Transaction& t) { t.accounts().insert(account(2)); })};
  for (int i = 0; i < 29; ++i) jobs.push_back(a_write(touch_one));
  jobs.push_back(a_write([](core::Transaction& t) { t.accounts().insert(account(3)); }));
  const auto began = clock.monotonic();

  work(jobs);

  EXPECT_LT(clock.monotonic() - began, 3s) << "one wait for the lock, not twenty-nine of 200 ms";
  EXPECT_TRUE(is_done(jobs.front()));
  EXPECT_TRUE(is_done(jobs.back()));
  for (std::size_t i = 1; i + 1 < jobs.size(); ++i) EXPECT_THROW(is_done(jobs[i]), Outage);
  EXPECT_EQ(accounts(), "1,2,3");
}

TEST_F(PostgresWorkerTest, AWriteThatWasLeftIsNotBegunAgain) {
  int runs = 0;
  std::weak_ptr<Job> itself;
  const SharedJob job = a_write([&](core::Transaction& t) {
    ++runs;
    itself.lock()->leave();
    database.end_sessions("propusk tested");
    t.accounts().insert(account(1));
  });
  itself = job;

  work({job});

  EXPECT_EQ(runs, 1);
  EXPECT_EQ(accounts(), "");
}

// As of a synchronous standby that was not waited for: it is committed here, and gone if the standby takes over.
TEST_F(PostgresWorkerTest, ACommitWithAWarningIsNotAcknowledged) {
  work({a_write([](core::Transaction& t) {
    t.accounts().insert(account(1));
    t.credentials().insert(credential("one", 1));
  })});
  testing::warn_endings(database);
  const SharedJob job = a_write([](core::Transaction& t) { t.credentials().erase(sha256("one")); });

  work({job});

  EXPECT_THROW(is_done(job), Outage);
  EXPECT_EQ(effects.forgotten().ended, std::vector{sha256("one")});
  EXPECT_TRUE(doubts_itself);
}

}  // namespace
}  // namespace propusk::postgres
