// 0004_clients on a database that the version before has filled, and that version beside it.
#include <gtest/gtest.h>

#include "base/outage.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::sql {
namespace {

/// The digest that SQL writes as zeroblob(31) || X'hh'.
Digest ending_in(unsigned char last) {
  Digest digest;
  digest.bytes[31] = std::byte{last};
  return digest;
}

/// As the version before writes accounts, credentials and refresh chains.
void insert_as_before(Connection& connection) {
  connection.run_script(
      "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, email_claimed, "
      "password_hash, state, epoch, created_at, password_changed_at, failed_sign_ins, pending_until, first_name, "
      "phone, "
      "was_active) VALUES "
      "(1, 'ann', 'ann', 'Ann@example.org', 'ann@example.org', 1, 0, 'hash', 'active', 4, 10, 11, 0, NULL, 'Ann', "
      "'+7 900', 1), "
      "(2, 'bob', 'bob', 'bob@example.org', 'bob@example.org', 0, 1, 'hash', 'pending', 1, 10, 10, 0, 999, '', '', 0)");
  connection.run_script(
      "INSERT INTO credentials (digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, idle) "
      "VALUES (CAST(zeroblob(31) || X'01' AS BLOB), 'auth_token', 1, 4, '203.0.113.7', 'curl', 10, 20, 9999, "
      "3600000000), "
      "(CAST(zeroblob(31) || X'02' AS BLOB), 'jwt_refresh', 1, 4, '', '', 30, 30, 9999, 0), "
      "(CAST(zeroblob(31) || X'03' AS BLOB), 'browser_session', 2, 1, '', '', 40, 40, 9999, 0)");
  connection.run_script(
      "INSERT INTO refresh_chains VALUES (CAST(zeroblob(31) || X'02' AS BLOB), CAST(zeroblob(31) || X'21' AS BLOB), "
      "CAST(zeroblob(31) || X'20' AS BLOB), zeroblob(16), 35, 5)");
  connection.run_script("INSERT INTO signing_keys VALUES ('kid', 'ES256', X'00ff', 10, 20, NULL)");
}

class ClientsMigrationTest : public ::testing::Test {
 protected:
  void expect_as_written_before() {
    Transaction transaction(connection_);
    const auto ann = transaction.accounts().find(core::AccountId{1});
    ASSERT_TRUE(ann);
    EXPECT_EQ(ann->epoch, 4);
    EXPECT_EQ(ann->fields[static_cast<std::size_t>(core::ProfileField::phone)], "+7 900");
    EXPECT_EQ(transaction.accounts().find(core::AccountId{2})->pending_until, instant(999));
    const auto token = transaction.credentials().find(ending_in(1));
    ASSERT_TRUE(token);
    EXPECT_EQ(token->kind, core::CredentialKind::auth_token);
    EXPECT_EQ(token->epoch, 4);
    EXPECT_EQ(token->seen_at, instant(20));
    EXPECT_EQ(token->idle, seconds{3'600});
    EXPECT_EQ(transaction.credentials().list(core::AccountId{1}).size(), 2U);
    for (const unsigned char each : {1, 2, 3}) {
      const auto credential = transaction.credentials().find(ending_in(each));
      ASSERT_TRUE(credential) << int{each};
      EXPECT_EQ(credential->terms, std::nullopt) << "the person opened it: it may do everything";
      EXPECT_EQ(credential->parent, std::nullopt) << int{each};
    }
    const auto chain = transaction.credentials().find_chain(ending_in(2));
    ASSERT_TRUE(chain);
    EXPECT_EQ(chain->current, ending_in(0x21));
    EXPECT_EQ(chain->rotations, 5);
    EXPECT_EQ(transaction.keys().list().size(), 1U);
  }

  stores::testing::TemporaryDirectory directory_;
  sqlite::Connection connection_{{.file = directory_.path() / "test.db"}};
};

TEST_F(ClientsMigrationTest, what_people_had_opened_stays_as_it_was_and_nobody_is_a_client) {
  migrate(connection_, all_migrations().first(3), instant(1));
  insert_as_before(connection_);

  migrate(connection_, all_migrations(), instant(2));

  expect_as_written_before();
  Transaction transaction(connection_);
  EXPECT_TRUE(transaction.clients().list().empty());
  EXPECT_TRUE(transaction.grants().list_consents(core::AccountId{1}).empty());
}

TEST_F(ClientsMigrationTest, the_version_before_goes_on_writing_beside) {
  migrate(connection_, all_migrations(), instant(2));

  insert_as_before(connection_);

  expect_as_written_before();
}

TEST_F(ClientsMigrationTest, what_the_version_before_ends_is_ended_for_clients_too) {
  migrate(connection_, all_migrations().first(3), instant(1));
  insert_as_before(connection_);
  migrate(connection_, all_migrations(), instant(2));
  Transaction transaction(connection_);
  core::Client app;
  app.id = "app";
  ASSERT_TRUE(transaction.clients().insert(app));
  transaction.grants().put_consent({.account = core::AccountId{1}, .client = "app", .scope = "read", .given_at = {}});
  core::AuthorizationCode code;
  code.digest = ending_in(9);
  code.terms.client = "app";
  code.account = core::AccountId{1};
  transaction.grants().insert_code(code);

  connection_.run_script("DELETE FROM accounts WHERE id = 1");

  EXPECT_FALSE(transaction.grants().find_consent(core::AccountId{1}, "app"));
  EXPECT_FALSE(transaction.grants().find_code(code.digest));
  EXPECT_FALSE(transaction.credentials().find(ending_in(1)));
  EXPECT_TRUE(transaction.clients().find("app"));
}

TEST_F(ClientsMigrationTest, a_database_of_this_version_is_refused_by_the_one_before_it_and_keeps_its_rows) {
  migrate(connection_, all_migrations(), instant(2));
  insert_as_before(connection_);

  EXPECT_THROW(migrate(connection_, all_migrations().first(3), instant(3)), Outage);

  expect_as_written_before();
}

}  // namespace
}  // namespace propusk::sql
