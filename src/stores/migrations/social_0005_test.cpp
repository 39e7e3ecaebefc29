// 0005_social on a database that the versions before have filled, and the version before beside it.
#include <gtest/gtest.h>

#include "stores/contract/temporary_directory.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::sql {
namespace {

/// As versions since 0003 write accounts and mails.
void insert_as_before(Connection& connection) {
  connection.run_script(
      "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, email_claimed, language, "
      "password_hash, state, epoch, created_at, password_changed_at, failed_sign_ins, pending_until, last_name, "
      "was_active) VALUES "
      "(1, 'ann', 'ann', 'Ann@example.org', 'ann@example.org', 1, 0, 'ru', 'hash', 'active', 4, 10, 11, 0, NULL, "
      "'Lee', "
      "1), "
      "(2, 'bob', 'bob', 'bob@example.org', 'bob@example.org', 0, 1, '', 'hash', 'pending', 1, 10, 10, 0, 999, '', 0)");
  connection.run_script(
      "INSERT INTO mails (id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
      "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer) VALUES "
      "(5, 'recovery', 'queued', 'Ann@example.org', 'ann@example.org', 'example.org', 'en', 1, 4, '203.0.113.7', "
      "'Firefox', '', 100, 200, 9999, 1, NULL, NULL, '451 later'), "
      "(6, 'recovery', 'sent', 'bob@example.org', 'bob@example.org', 'example.org', 'ru', 2, 1, '', '', '', 100, 100, "
      "9999, 1, NULL, 150, '250 ok')");
}

class SocialMigrationTest : public ::testing::Test {
 protected:
  void expect_as_written_before() {
    Transaction transaction(connection_);
    for (const std::int64_t id : {1, 2}) {
      const auto account = transaction.accounts().find(core::AccountId{id});
      ASSERT_TRUE(account) << id;
      EXPECT_FALSE(account->password_proved) << "nobody knows who set it: it is nobody's proof";
      EXPECT_EQ(account->password_hash, "hash");
    }
    EXPECT_EQ(transaction.accounts().find(core::AccountId{1})->language, "ru");
    EXPECT_EQ(transaction.accounts().find(core::AccountId{2})->state, core::AccountState::pending);
    const auto queued = transaction.outbox().find(core::MailId{5});
    ASSERT_TRUE(queued);
    EXPECT_EQ(queued->facts.provider, "");
    EXPECT_EQ(queued->facts.device, "Firefox");
    EXPECT_EQ(queued->last_answer, "451 later");
    EXPECT_EQ(transaction.outbox().find(core::MailId{6})->state, core::MailState::sent);
    EXPECT_EQ(transaction.outbox().claim("example.org", instant(200), instant(300), 9).size(), 1U) << "it is sent yet";
  }

  stores::testing::TemporaryDirectory directory_;
  sqlite::Connection connection_{{.file = directory_.path() / "test.db"}};
};

TEST_F(SocialMigrationTest, rows_of_version_3_stay_as_they_were_and_nobody_is_connected) {
  migrate(connection_, all_migrations().first(3), instant(1));
  insert_as_before(connection_);

  migrate(connection_, all_migrations(), instant(2));

  expect_as_written_before();
  Transaction transaction(connection_);
  EXPECT_TRUE(transaction.social_links().list(core::AccountId{1}).empty());
  EXPECT_TRUE(transaction.social_links().insert({.provider = "google-oauth2",
                                                 .subject = "117",
                                                 .account = core::AccountId{1},
                                                 .display = "Ann Lee",
                                                 .mailbox = "ann@example.org"}));
  EXPECT_EQ(transaction.social_links().find("google-oauth2", "117")->account, core::AccountId{1});
}

TEST_F(SocialMigrationTest, what_clients_hold_since_version_4_stays_as_it_was) {
  migrate(connection_, all_migrations().first(4), instant(1));
  insert_as_before(connection_);
  connection_.run_script(
      "INSERT INTO clients VALUES ('app', 'Album', 'public', NULL, 'authorization_code refresh_token', 'read write', "
      "'', 'https://album.example/cb', '', 0, 1, 'active', 3, 10, 10)");
  connection_.run_script("INSERT INTO consents VALUES (1, 'app', 'read', 50)");
  connection_.run_script("INSERT INTO client_tokens VALUES (zeroblob(32), 'app', 3, 'read', 10, 9999)");
  connection_.run_script(
      "INSERT INTO authorization_codes VALUES (zeroblob(32), 'app', 3, 1, 4, 'https://album.example/cb', 'read', 'c', "
      "10, 70, 20, zeroblob(32))");

  migrate(connection_, all_migrations(), instant(2));

  expect_as_written_before();
  Transaction transaction(connection_);
  const auto app = transaction.clients().find("app");
  ASSERT_TRUE(app);
  EXPECT_EQ(app->kind, core::ClientKind::open);
  EXPECT_EQ(app->epoch, 3);
  EXPECT_EQ(app->scopes, (std::vector<std::string>{"read", "write"}));
  EXPECT_TRUE(app->introspects);
  EXPECT_EQ(transaction.grants().find_consent(core::AccountId{1}, "app")->scope, "read");
  EXPECT_EQ(transaction.grants().find_token(Digest{})->terms.client_epoch, 3);
  EXPECT_EQ(transaction.grants().find_code(Digest{})->used_at, instant(20));
}

TEST_F(SocialMigrationTest, the_version_before_goes_on_writing_beside) {
  migrate(connection_, all_migrations(), instant(2));

  insert_as_before(connection_);

  expect_as_written_before();
}

TEST_F(SocialMigrationTest, an_account_that_the_version_before_erases_is_connected_to_nobody) {
  migrate(connection_, all_migrations(), instant(2));
  insert_as_before(connection_);
  Transaction transaction(connection_);
  for (const std::int64_t id : {1, 2})
    transaction.social_links().insert({.provider = "google-oauth2",
                                       .subject = std::to_string(id),
                                       .account = core::AccountId{id},
                                       .display = "",
                                       .mailbox = ""});

  connection_.run_script("DELETE FROM accounts WHERE id = 1");

  EXPECT_FALSE(transaction.social_links().find("google-oauth2", "1"));
  EXPECT_TRUE(transaction.social_links().find("google-oauth2", "2"));
}

}  // namespace
}  // namespace propusk::sql
