// The outbox over SQLite: what a statement costs with 100,000 mails of one bad domain, the bound of mail_requests, and
// rows of a newer version.
#include "stores/sql/outbox.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "base/outage.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::sql {
namespace {
using core::MailId, core::MailKind, core::MailState;
using stores::testing::mail;
using ::testing::ElementsAre, ::testing::IsEmpty, ::testing::SizeIs;

constinit sqlite3* newest_connection = nullptr;
int remember_connection(sqlite3* opened, char**, const sqlite3_api_routines*) {
  newest_connection = opened;
  return SQLITE_OK;
}
/// A driver whose sqlite3 handle the test has too, to count the steps of SQLite's virtual machine.
class OpenedConnection {
 public:
  explicit OpenedConnection(const std::filesystem::path& file) {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&remember_connection));
    driver_.emplace(sqlite::ConnectionSettings{.file = file});
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&remember_connection));
    handle_ = newest_connection;
    migrate(*driver_, all_migrations(), instant(1));
  }
  sqlite::Connection& driver() { return *driver_; }
  template <class Work>
  std::int64_t steps_of(Work work) {
    std::int64_t steps = 0;
    sqlite3_progress_handler(handle_, 1, [](void* count) { return (++*static_cast<std::int64_t*>(count), 0); }, &steps);
    work();
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
    return steps;
  }

 private:
  std::optional<sqlite::Connection> driver_;
  sqlite3* handle_ = nullptr;
};

class OutboxTest : public ::testing::Test {
 protected:
  std::vector<std::string> domains(std::string_view after, std::int64_t now, std::size_t limit = 9) {
    return outbox_.due_domains(after, instant(now), limit);
  }

  stores::testing::TemporaryDirectory directory_;
  OpenedConnection opened_{directory_.path() / "test.db"};
  sqlite::Connection& connection_ = opened_.driver();
  Outbox outbox_{connection_};
};

constexpr std::int64_t many = 100'000;   // issue: a failing domain delays nobody with so many queued
constexpr std::int64_t few_steps = 800;  // a seek and a row cost some dozens; a pass over the rows at least `many`

class CrowdedOutboxTest : public OutboxTest {
 protected:
  CrowdedOutboxTest() {
    connection_.begin_write();
    connection_.run_script(
        "INSERT INTO mails (id, kind, state, recipient, recipient_key, domain, language, account, epoch, created_at, "
        "next_attempt_at, expires_at, settled_at) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
        "SELECT i, 'recovery', 'queued', 'a@bad.example', 'a@bad.example', 'bad.example', 'en', i, 1, 100, 200, 900, "
        "NULL FROM n UNION ALL "
        "SELECT 100000 + i, 'recovery', 'sent', 'a@bad.example', 'a@bad.example', 'bad.example', 'en', i, 1, 100, 200, "
        "900, 300 FROM n");
    connection_.run_script(
        "INSERT INTO mail_requests WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) "
        "SELECT i, 'recovery', 'a@bad.example', 'en', 100 FROM n");
    for (std::int64_t id = 1; id <= 3; ++id)
      outbox_.insert(mail(2 * many + id, "d" + std::to_string(id) + ".example"));  // due at 100
    connection_.commit();
  }
};

TEST_F(CrowdedOutboxTest, the_others_are_found_past_the_crowd_in_a_few_seeks) {
  EXPECT_LT(opened_.steps_of([&] {
    EXPECT_THAT(domains("", 150), ElementsAre("d1.example", "d2.example", "d3.example"));  // the crowd backs off
  }),
            few_steps);
  EXPECT_LT(opened_.steps_of([&] {
    EXPECT_THAT(domains("", 250), ElementsAre("bad.example", "d1.example", "d2.example", "d3.example"));
  }),
            few_steps);
  EXPECT_LT(opened_.steps_of([&] { EXPECT_THAT(domains("", 250, 1), ElementsAre("bad.example")); }), few_steps);
}

TEST_F(CrowdedOutboxTest, a_claim_costs_what_it_takes) {
  connection_.begin_write();
  EXPECT_LT(
      opened_.steps_of([&] { EXPECT_THAT(outbox_.claim("d1.example", instant(250), instant(400), 4), SizeIs(1)); }),
      few_steps);
  EXPECT_LT(
      opened_.steps_of([&] { EXPECT_THAT(outbox_.claim("bad.example", instant(250), instant(400), 4), SizeIs(4)); }),
      few_steps);
  connection_.commit();
}

TEST_F(CrowdedOutboxTest, everything_on_the_way_of_one_mail_costs_a_few_seeks) {
  connection_.begin_write();
  const auto cheap = [this](auto work) { EXPECT_LT(opened_.steps_of(work), few_steps); };
  cheap([&] { EXPECT_EQ(outbox_.next_due(), instant(100)); });
  cheap([&] { EXPECT_EQ(outbox_.count_since("a@bad.example", instant(101), {}), 0); });
  cheap([&] { EXPECT_TRUE(outbox_.postpone(MailId{1}, 0, instant(400), "")); });
  cheap([&] { EXPECT_TRUE(outbox_.settle(MailId{1}, 0, MailState::dead, "", instant(260))); });
  cheap([&] { EXPECT_TRUE(outbox_.requeue(MailId{1}, instant(300), instant(900))); });
  cheap([&] { EXPECT_TRUE(outbox_.cancel(MailId{1}, instant(300))); });
  cheap([&] { outbox_.cancel_all_of(core::AccountId{2}, MailKind::recovery, instant(300)); });
  cheap([&] { outbox_.cancel_all_to("ann@d1.example", MailKind::recovery, instant(300)); });
  EXPECT_EQ(outbox_.find(MailId{2})->state, MailState::cancelled);
  cheap([&] { EXPECT_EQ(outbox_.erase_settled(instant(301), 2), 2U); });
  connection_.commit();
}

TEST_F(CrowdedOutboxTest, pages_of_the_list_cost_a_few_rows) {
  EXPECT_LT(opened_.steps_of([&] { EXPECT_THAT(outbox_.list(MailState::dead, {}, 3), IsEmpty()); }), few_steps);
  EXPECT_LT(opened_.steps_of([&] { EXPECT_THAT(outbox_.list({}, {}, 3), SizeIs(3)); }), 2 * few_steps);
  EXPECT_LT(opened_.steps_of([&] { EXPECT_THAT(outbox_.list({}, MailId{many / 2}, 3), SizeIs(3)); }), 2 * few_steps);
}

TEST_F(CrowdedOutboxTest, requests_cost_a_few_seeks_until_they_are_refused) {
  const core::MailRequest request{.kind = MailKind::recovery, .email = "a@d1.example"};
  connection_.begin_write();
  EXPECT_LT(opened_.steps_of([&] { EXPECT_TRUE(outbox_.add_request(request)); }), few_steps);
  EXPECT_LT(opened_.steps_of([&] { EXPECT_FALSE(outbox_.add_request(request)); }), few_steps);
  EXPECT_LT(opened_.steps_of([&] { EXPECT_THAT(outbox_.oldest_requests(2), SizeIs(2)); }), few_steps);
  EXPECT_LT(opened_.steps_of([&] { outbox_.erase_request(1); }), few_steps);
  EXPECT_TRUE(outbox_.add_request(request));
  connection_.commit();
}

TEST_F(CrowdedOutboxTest, control_without_its_indexes_the_count_of_steps_would_tell) {
  connection_.run_script("DROP INDEX mails_due_by_domain; DROP INDEX mails_due; DROP INDEX mails_settled");

  EXPECT_GT(opened_.steps_of([&] { (void)domains("", 150); }), many);
  EXPECT_GT(opened_.steps_of([&] { (void)outbox_.next_due(); }), many);
  EXPECT_GT(opened_.steps_of([&] { (void)outbox_.erase_settled(instant(250), 1); }), many);
}

TEST_F(OutboxTest, the_bound_of_requests_counts_from_the_oldest_to_the_newest) {
  Outbox small(connection_, 0, 3);
  const core::MailRequest request{.kind = MailKind::recovery, .email = "ann@example.org"};
  const auto add = [&] { return small.add_request(request); };

  EXPECT_TRUE(add() && add() && add());
  EXPECT_FALSE(add());
  small.erase_request(2);
  EXPECT_FALSE(add());  // conservative: the oldest still waits
  small.erase_request(1);
  EXPECT_TRUE(add() && add());
  EXPECT_FALSE(add());
  EXPECT_THAT(small.oldest_requests(9), SizeIs(3));
}

TEST_F(OutboxTest, mails_of_a_kind_that_only_a_newer_version_knows_are_left_to_it_and_stand_in_nobodys_way) {
  outbox_.insert(mail(1, "new.example"));
  outbox_.insert(mail(2));
  connection_.run_script("UPDATE mails SET kind = 'newsletter', next_attempt_at = 50");
  outbox_.insert(mail(3));

  EXPECT_THAT(domains("", 100), ElementsAre("example.org"));
  EXPECT_EQ(outbox_.next_due(), instant(100));
  EXPECT_FALSE(outbox_.find(MailId{1}));
  EXPECT_THAT(outbox_.list({}, {}, 1), SizeIs(1));
  EXPECT_THAT(outbox_.list(MailState::queued, {}, 9), SizeIs(1));
  const auto claimed = outbox_.claim("example.org", instant(100), instant(300), 1);
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].id, MailId{3});
  EXPECT_THAT(outbox_.claim("new.example", instant(100), instant(300), 1), IsEmpty());
  EXPECT_EQ(outbox_.depth(instant(100)).queued, 3);
  auto rows = connection_.query("SELECT attempts FROM mails WHERE id = 1", {});
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.row().integer(0), 0);
}

TEST_F(OutboxTest, mails_in_an_unknown_state_are_not_seen_and_an_unknown_language_is_the_default) {
  outbox_.insert(mail(1));
  outbox_.insert(mail(2));
  connection_.run_script(
      "UPDATE mails SET state = 'paused', settled_at = 1 WHERE id = 1; UPDATE mails SET language = 'tt'");

  EXPECT_FALSE(outbox_.find(MailId{1}));
  EXPECT_THAT(outbox_.list({}, {}, 9), SizeIs(1));
  EXPECT_EQ(outbox_.find(MailId{2})->language, Language::en);
}

TEST_F(OutboxTest, requests_of_an_unknown_kind_are_left_to_a_newer_version) {
  const core::MailRequest request{.kind = MailKind::recovery, .email = "ann@example.org"};
  outbox_.add_request(request);
  connection_.run_script("UPDATE mail_requests SET kind = 'newsletter'");
  outbox_.add_request(request);

  const auto oldest = outbox_.oldest_requests(1);

  ASSERT_THAT(oldest, SizeIs(1));
  EXPECT_EQ(oldest[0].id, 2);
}

}  // namespace
}  // namespace propusk::sql
