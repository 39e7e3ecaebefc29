// Links over SQLite: rows of a newer version.
#include "stores/sql/links.hpp"

#include <gtest/gtest.h>

#include "stores/contract/store_contract.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::sql {
namespace {

TEST(Links, a_link_of_a_purpose_that_only_a_newer_version_knows_is_no_link) {
  stores::testing::TemporaryDirectory directory;
  sqlite::Connection connection({.file = directory.path() / "test.db"});
  migrate(connection, all_migrations(), instant(1));
  Transaction transaction(connection);
  transaction.accounts().insert(stores::testing::account(1));
  transaction.links().insert(stores::testing::link("secret", 1));
  ASSERT_TRUE(transaction.links().find(sha256("secret")));

  connection.run_script("UPDATE links SET purpose = 'undo'");

  EXPECT_FALSE(transaction.links().find(sha256("secret")));
}

}  // namespace
}  // namespace propusk::sql
