// What every store must do with accounts.
#include <gmock/gmock.h>

#include <array>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::AccountState, core::Inserted, core::Transaction;

std::optional<core::AccountStanding> last_standing(const EffectLog& effects) {
  return effects.applied().standings.back().now;
}

std::vector<std::int64_t> ids(const std::vector<core::Account>& accounts) {
  std::vector<std::int64_t> ids;
  for (const auto& account : accounts) ids.push_back(static_cast<std::int64_t>(account.id));
  return ids;
}

TEST_P(StoreContract, an_account_comes_back_as_it_went_in) {
  core::Account given = account(7, "Ann \xd0\x9f");
  given.username_key = "ann";
  given.email = "Ann@example.org";
  given.email_key = "ann@example.org";
  given.email_verified = true;
  given.email_claimed = true;
  given.state = AccountState::disabled;
  given.epoch = 3;
  given.last_sign_in_at = instant(42);
  given.language = "ru";
  given.failed_sign_ins = 5;

  ASSERT_EQ(insert(given), Inserted::yes);

  const auto found = find(7);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->username, given.username);
  EXPECT_EQ(found->username_key, given.username_key);
  EXPECT_EQ(found->email, given.email);
  EXPECT_EQ(found->email_key, given.email_key);
  EXPECT_TRUE(found->email_verified);
  EXPECT_TRUE(found->email_claimed);
  EXPECT_EQ(found->language, "ru");
  EXPECT_EQ(found->password_hash, given.password_hash);
  EXPECT_EQ(found->state, AccountState::disabled);
  EXPECT_EQ(found->epoch, 3);
  EXPECT_EQ(found->created_at, given.created_at);
  EXPECT_EQ(found->password_changed_at, given.password_changed_at);
  EXPECT_EQ(found->last_sign_in_at, given.last_sign_in_at);
  EXPECT_EQ(found->failed_sign_ins, 5);
  EXPECT_EQ(found->last_failed_sign_in_at, std::nullopt);
}

TEST_P(StoreContract, an_insert_says_which_uniqueness_it_met) {
  core::Account ann = account(1, "ann");
  ann.email_key = "ann@example.org";
  ann.email_verified = true;
  ASSERT_EQ(insert(ann), Inserted::yes);

  core::Account same_address = account(3, "eve");
  same_address.email_key = ann.email_key;
  same_address.email_verified = true;

  EXPECT_EQ(insert(account(1, "bob")), Inserted::id_taken);
  EXPECT_EQ(insert(account(2, "ann")), Inserted::username_taken);
  EXPECT_EQ(insert(same_address), Inserted::email_taken);
  EXPECT_EQ(ids(read([](const Transaction& t) { return t.accounts().list(AccountId{0}, 10); })),
            std::vector<std::int64_t>{1});
}

TEST_P(StoreContract, usernames_are_unique_to_the_byte_and_unverified_addresses_not_at_all) {
  core::Account ann = account(1, "ann"), big_ann = account(2, "ANN");
  ann.username_key = big_ann.username_key = "ann";
  ann.email_key = big_ann.email_key = "ann@example.org";
  ann.email_verified = true;

  EXPECT_EQ(insert(ann), Inserted::yes);
  EXPECT_EQ(insert(big_ann), Inserted::yes);

  EXPECT_EQ(read([](const Transaction& t) { return t.accounts().find_by_username("ANN"); })->id, AccountId{2});
  EXPECT_FALSE(read([](const Transaction& t) { return t.accounts().find_by_username("Ann"); }));
}

TEST_P(StoreContract, a_transaction_goes_on_after_a_uniqueness_it_met) {
  insert(account(1, "ann"));

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().insert(account(2, "ann")), Inserted::username_taken);
    EXPECT_EQ(t.accounts().insert(account(2, "bob")), Inserted::yes);
  });

  EXPECT_EQ(find(2)->username, "bob");
}

TEST_P(StoreContract, an_account_that_claims_nothing_and_said_no_language_comes_back_so) {
  insert(account(1));

  EXPECT_FALSE(find(1)->email_claimed);
  EXPECT_EQ(find(1)->language, "");
}

TEST_P(StoreContract, lookups_by_canonical_name_return_at_most_two) {
  for (std::int64_t id = 1; id <= 3; ++id) {
    core::Account one = account(id);
    one.username_key = "key";
    insert(one);
  }

  const auto by_name = read([](const Transaction& t) { return t.accounts().find_by_username_key("key"); });

  EXPECT_EQ(ids(by_name), (std::vector<std::int64_t>{1, 2}));
}

TEST_P(StoreContract, a_username_changes_unless_somebody_has_it) {
  insert(account(1, "ann"));
  insert(account(2, "bob"));

  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_username(AccountId{1}, "bob", "bob"), Inserted::username_taken);
    EXPECT_EQ(t.accounts().set_username(AccountId{1}, "Bob", "bob"), Inserted::yes);
    EXPECT_EQ(t.accounts().set_username(AccountId{9}, "eve", "eve"), Inserted::yes);
  });

  EXPECT_EQ(find(1)->username, "Bob");
  EXPECT_EQ(find(1)->username_key, "bob");
  EXPECT_FALSE(find(9));
}

TEST_P(StoreContract, a_list_ascends_after_an_id) {
  for (const std::int64_t id : std::array{5, 2, 9, 7}) insert(account(id));

  const auto page = read([](const Transaction& t) { return t.accounts().list(AccountId{2}, 2); });

  EXPECT_EQ(ids(page), (std::vector<std::int64_t>{5, 7}));
}

TEST_P(StoreContract, passwords_change_and_are_rehashed_only_from_the_hash_that_was_seen) {
  insert(account(1));

  write([](Transaction& t) { t.accounts().set_password(AccountId{1}, "new", instant(77)); });
  write([](Transaction& t) { t.accounts().rehash_password(AccountId{1}, "hash-1", "stale"); });
  EXPECT_EQ(find(1)->password_hash, "new");
  write([](Transaction& t) { t.accounts().rehash_password(AccountId{1}, "new", "newer"); });

  EXPECT_EQ(find(1)->password_hash, "newer");
  EXPECT_EQ(find(1)->password_changed_at, instant(77));
}

TEST_P(StoreContract, every_change_of_a_standing_is_an_effect) {
  using Standing = core::AccountStanding;
  insert(account(1));
  EXPECT_EQ(last_standing(effects_), (Standing{1, AccountState::active}));

  write([](Transaction& t) { EXPECT_EQ(t.accounts().end_everything(AccountId{1}), 2); });
  EXPECT_EQ(last_standing(effects_), (Standing{2, AccountState::active}));

  write([](Transaction& t) { t.accounts().set_state(AccountId{1}, AccountState::disabled); });
  EXPECT_EQ(last_standing(effects_), (Standing{2, AccountState::disabled}));
  EXPECT_EQ(find(1)->state, AccountState::disabled);

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });
  EXPECT_EQ(last_standing(effects_), std::nullopt);
  EXPECT_EQ(effects_.applied().standings.size(), 4U);
}

TEST_P(StoreContract, changes_of_an_account_that_is_gone_change_nothing) {
  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().end_everything(AccountId{1}), 0);
    t.accounts().set_state(AccountId{1}, AccountState::disabled);
    t.accounts().note_failed_sign_ins({AccountId{1}, 9, 3, instant(5)});
    t.accounts().erase(AccountId{1});
  });

  EXPECT_TRUE(effects_.applied().empty());
}

TEST_P(StoreContract, failed_sign_ins_add_up_until_a_sign_in) {
  insert(account(1));

  write([](Transaction& t) { t.accounts().note_failed_sign_ins({AccountId{1}, 9, 3, instant(50)}); });
  write([](Transaction& t) { t.accounts().note_failed_sign_ins({AccountId{1}, 9, 4, instant(40)}); });
  EXPECT_EQ(find(1)->failed_sign_ins, 7);
  EXPECT_EQ(find(1)->last_failed_sign_in_at, instant(50));
  write([](Transaction& t) { t.accounts().note_sign_in(AccountId{1}, instant(60)); });

  EXPECT_EQ(find(1)->failed_sign_ins, 0);
  EXPECT_EQ(find(1)->last_sign_in_at, instant(60));
}

TEST_P(StoreContract, an_erased_account_takes_its_credentials_with_it) {
  insert(account(1));
  insert(account(2));
  write([](Transaction& t) {
    t.credentials().insert(credential("one", 1));
    t.credentials().insert(credential("two", 2));
  });

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });

  EXPECT_FALSE(find(1));
  EXPECT_FALSE(read([](const Transaction& t) { return t.credentials().find(sha256("one")); }));
  EXPECT_TRUE(read([](const Transaction& t) { return t.credentials().find(sha256("two")); }));
}

/// One of many who want the same username at once.
Task<void> want(core::Store& store, std::int64_t id, Deadline deadline, std::vector<Inserted>& answers) {
  auto closure = [id](Transaction& t) -> core::Result<Inserted> { return t.accounts().insert(account(id, "ann")); };
  answers.push_back((co_await store.write(closure, deadline)).value());
}

TEST_P(StoreContract, of_fifty_who_want_one_username_at_once_one_gets_it) {
  boost::asio::io_context io(1);
  std::vector<Inserted> answers;

  for (std::int64_t id = 1; id <= 50; ++id)
    boost::asio::co_spawn(io, want(*store_, id, soon(), answers),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();

  EXPECT_EQ(answers.size(), 50U);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), Inserted::yes), 1);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), Inserted::username_taken), 49);
}

}  // namespace
}  // namespace propusk::stores::testing
