// 0002_mail on a database that the version before has filled, and that version beside it.
#include <gtest/gtest.h>

#include "stores/contract/temporary_directory.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::sql {
namespace {

/// As the version before writes accounts.
void insert_as_before(Connection& connection) {
  connection.run_script(
      "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, failed_sign_ins, last_failed_sign_in_at) VALUES "
      "(1, 'ann', 'ann', 'Ann@example.org', 'ann@example.org', 1, 'hash', 'active', 4, 10, 11, 12, 2, 13), "
      "(2, 'bob', 'bob', 'Ann@example.org', 'ann@example.org', 0, 'hash', 'disabled', 1, 10, 10, NULL, 0, NULL), "
      "(3, 'eve', 'eve', '', '', 0, '', 'active', 1, 10, 10, NULL, 0, NULL)");
}

class MailMigrationTest : public ::testing::Test {
 protected:
  stores::testing::TemporaryDirectory directory_;
  sqlite::Connection connection_{{.file = directory_.path() / "test.db"}};
};

TEST_F(MailMigrationTest, accounts_of_before_stay_as_they_were) {
  migrate(connection_, all_migrations().first(1), instant(1));
  insert_as_before(connection_);
  connection_.run_script(
      "INSERT INTO credentials VALUES (zeroblob(32), 'browser_session', 1, 4, '', '', 10, 10, 9999)");

  migrate(connection_, all_migrations(), instant(2));

  Transaction transaction(connection_);
  const auto ann = transaction.accounts().find(core::AccountId{1});
  ASSERT_TRUE(ann);
  EXPECT_EQ(ann->email, "Ann@example.org");
  EXPECT_TRUE(ann->email_verified);
  EXPECT_FALSE(ann->email_claimed);
  EXPECT_EQ(ann->language, "");
  EXPECT_EQ(ann->epoch, 4);
  EXPECT_EQ(ann->last_sign_in_at, instant(12));
  EXPECT_EQ(ann->failed_sign_ins, 2);
  EXPECT_EQ(ann->last_failed_sign_in_at, instant(13));
  EXPECT_EQ(transaction.accounts().find_by_email_key("ann@example.org", 9).size(), 2U);
  EXPECT_EQ(transaction.credentials().list(core::AccountId{1}).size(), 1U);
  EXPECT_EQ(transaction.accounts().list(core::AccountId{0}, 9).size(), 3U);
}

TEST_F(MailMigrationTest, the_version_before_goes_on_writing_beside) {
  migrate(connection_, all_migrations(), instant(2));

  insert_as_before(connection_);

  Transaction transaction(connection_);
  EXPECT_FALSE(transaction.accounts().find(core::AccountId{2})->email_claimed);
  core::Account claims;
  claims.id = core::AccountId{9};
  claims.username = "claims";
  claims.email_key = "ann@example.org";
  claims.email_claimed = true;
  EXPECT_EQ(transaction.accounts().insert(claims), core::Inserted::email_taken);
}

}  // namespace
}  // namespace propusk::sql
