// What every store must do with the addresses of accounts: who has one, who claims one, who comes first.
#include <array>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::Inserted, core::Transaction;

std::vector<std::int64_t> ids_of_address(const Transaction& t, std::string_view key, std::size_t limit) {
  std::vector<std::int64_t> ids;
  for (const auto& account : t.accounts().find_by_email_key(key, limit))
    ids.push_back(static_cast<std::int64_t>(account.id));
  return ids;
}

TEST_P(StoreContract, an_address_is_claimed_once_and_not_beside_a_verification) {
  core::Account claims = account(1), also_claims = account(2), verified = account(3), names_it = account(4);
  claims.email_key = also_claims.email_key = verified.email_key = names_it.email_key = "ann@example.org";
  claims.email_claimed = also_claims.email_claimed = verified.email_verified = true;

  EXPECT_EQ(insert(claims), Inserted::yes);
  EXPECT_EQ(insert(also_claims), Inserted::email_taken);
  EXPECT_EQ(insert(verified), Inserted::email_taken);
  EXPECT_EQ(insert(names_it), Inserted::yes);
}

TEST_P(StoreContract, accounts_without_an_address_claim_none) {
  core::Account one = account(1), two = account(2);
  one.email_claimed = two.email_claimed = true;

  EXPECT_EQ(insert(one), Inserted::yes);
  EXPECT_EQ(insert(two), Inserted::yes);
}

TEST_P(StoreContract, of_an_address_the_verified_account_comes_first_or_the_claimed_one_then_the_others_by_id) {
  core::Account claimed = account(8), verified = account(9);
  claimed.email_key = "claimed@example.org";
  claimed.email_claimed = true;
  verified.email_key = "verified@example.org";
  verified.email_verified = true;
  insert(claimed);
  insert(verified);
  for (const std::int64_t id : std::array{5, 3}) {
    core::Account names_it = account(id);
    names_it.email_key = "verified@example.org";
    insert(names_it);
    core::Account names_other = account(id + 1);
    names_other.email_key = "claimed@example.org";
    insert(names_other);
  }

  read([](const Transaction& t) {
    EXPECT_EQ(ids_of_address(t, "verified@example.org", 9), (std::vector<std::int64_t>{9, 3, 5}));
    EXPECT_EQ(ids_of_address(t, "verified@example.org", 2), (std::vector<std::int64_t>{9, 3}));
    EXPECT_EQ(ids_of_address(t, "claimed@example.org", 9), (std::vector<std::int64_t>{8, 4, 6}));
    EXPECT_TRUE(ids_of_address(t, "nobody@example.org", 9).empty());
    EXPECT_TRUE(ids_of_address(t, "", 9).empty());
    return true;
  });
}

TEST_P(StoreContract, a_verified_address_drops_the_claims_of_others) {
  core::Account claims = account(1), elsewhere = account(2);
  claims.email = claims.email_key = "ann@example.org";
  elsewhere.email_key = "bob@example.org";
  claims.email_claimed = elsewhere.email_claimed = true;
  insert(claims);
  insert(elsewhere);
  insert(account(3));

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_verified_email(AccountId{3}, "Ann@example.org", "ann@example.org"), Inserted::yes);
  });

  EXPECT_EQ(find(3)->email, "Ann@example.org");
  EXPECT_EQ(find(3)->email_key, "ann@example.org");
  EXPECT_TRUE(find(3)->email_verified);
  EXPECT_FALSE(find(1)->email_claimed);
  EXPECT_EQ(find(1)->email, "ann@example.org");
  EXPECT_TRUE(find(2)->email_claimed);
}

TEST_P(StoreContract, who_claimed_an_address_and_verifies_it_keeps_the_claim) {
  core::Account claims = account(1);
  claims.email_key = "ann@example.org";
  claims.email_claimed = true;
  insert(claims);

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_verified_email(AccountId{1}, "ann@example.org", "ann@example.org"), Inserted::yes);
  });

  EXPECT_TRUE(find(1)->email_verified && find(1)->email_claimed);
}

TEST_P(StoreContract, a_verified_address_is_nobody_elses) {
  core::Account verified = account(1);
  verified.email_key = "ann@example.org";
  verified.email_verified = true;
  insert(verified);
  insert(account(2));

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_verified_email(AccountId{2}, "ann@example.org", "ann@example.org"),
              Inserted::email_taken);
  });

  EXPECT_TRUE(find(1)->email_verified);
  EXPECT_FALSE(find(2)->email_verified);
  EXPECT_EQ(find(2)->email_key, "");
}

TEST_P(StoreContract, an_account_that_is_gone_drops_no_claims) {
  core::Account claims = account(1);
  claims.email_key = "ann@example.org";
  claims.email_claimed = true;
  insert(claims);

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_verified_email(AccountId{9}, "ann@example.org", "ann@example.org"), Inserted::yes);
  });

  EXPECT_TRUE(find(1)->email_claimed);
}

}  // namespace
}  // namespace propusk::stores::testing
