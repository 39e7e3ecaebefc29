// What every store must do with pending accounts, addresses that change at once, and what people tell of themselves.
#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::AccountState, core::Inserted, core::ProfileField, core::Transaction;
using ::testing::ElementsAre;

core::Account pending(std::int64_t id, std::int64_t until) {
  core::Account out = account(id);
  out.email = out.email_key = "ann" + std::to_string(id) + "@example.org";
  out.email_claimed = true;
  out.state = AccountState::pending;
  out.pending_until = instant(until);
  return out;
}

core::Account account_in(Transaction& t, std::int64_t id) { return t.accounts().find(AccountId{id}).value(); }

TEST_P(StoreContract, a_pending_account_comes_back_with_its_end_and_its_fields) {
  core::Account given = pending(1, 500);
  given.fields = {"Ann", "Lee", "Mae", "+7 900 000-00-00"};
  insert(given);

  write([](Transaction& t) {
    const core::Account found = account_in(t, 1);
    EXPECT_EQ(found.state, AccountState::pending);
    EXPECT_EQ(found.pending_until, instant(500));
    EXPECT_THAT(found.fields, ElementsAre("Ann", "Lee", "Mae", "+7 900 000-00-00"));
  });
}

TEST_P(StoreContract, an_active_account_waits_for_nothing) {
  insert(pending(1, 500));
  write([](Transaction& t) {
    t.accounts().set_state(AccountId{1}, AccountState::active);
    EXPECT_EQ(account_in(t, 1).pending_until, std::nullopt);
    t.accounts().set_state(AccountId{1}, AccountState::pending, instant(900));
    EXPECT_EQ(account_in(t, 1).pending_until, instant(900));
  });
  const auto standings = effects_.applied().standings;
  EXPECT_EQ(standings.back().now->state, AccountState::pending);
}

TEST_P(StoreContract, accounts_lapse_when_their_time_is_over) {
  insert(pending(1, 500));
  insert(pending(2, 400));
  insert(account(3));
  write([](Transaction& t) {
    EXPECT_TRUE(t.accounts().lapsed(instant(399), 10).empty());
    const auto lapsed = t.accounts().lapsed(instant(500), 10);
    ASSERT_EQ(lapsed.size(), 2U);
    EXPECT_EQ(lapsed[0].id, AccountId{2});
    EXPECT_EQ(t.accounts().lapsed(instant(500), 1).size(), 1U);
    t.accounts().release_claim(AccountId{2});
    EXPECT_FALSE(account_in(t, 2).email_claimed);
    EXPECT_EQ(t.accounts().lapsed(instant(500), 10).size(), 1U);
  });
}

TEST_P(StoreContract, only_pending_accounts_lapse) {
  insert(pending(1, 500));
  write([](Transaction& t) {
    t.accounts().set_state(AccountId{1}, AccountState::disabled, instant(500));
    EXPECT_EQ(account_in(t, 1).pending_until, instant(500)) << "it was pending, and will be again";
    EXPECT_TRUE(t.accounts().lapsed(instant(500), 10).empty());
  });
}

TEST_P(StoreContract, whether_an_account_was_ever_active_is_kept) {
  core::Account never = pending(1, 500), once = pending(2, 500);
  never.was_active = false;
  insert(never);
  insert(once);
  write([](Transaction& t) {
    EXPECT_FALSE(account_in(t, 1).was_active);
    EXPECT_TRUE(account_in(t, 2).was_active);
    t.accounts().set_state(AccountId{1}, AccountState::disabled);
    t.accounts().set_state(AccountId{1}, AccountState::pending, instant(500));
    EXPECT_FALSE(account_in(t, 1).was_active);
    t.accounts().set_state(AccountId{1}, AccountState::active);
    EXPECT_TRUE(account_in(t, 1).was_active);
    t.accounts().set_state(AccountId{1}, AccountState::pending, instant(500));
    EXPECT_TRUE(account_in(t, 1).was_active) << "from then on";
  });
}

TEST_P(StoreContract, a_released_account_waits_without_an_end_and_keeps_what_it_has_verified) {
  insert(pending(1, 500));
  insert(pending(2, 500));
  write([](Transaction& t) {
    t.accounts().set_verified_email(AccountId{1}, "ann1@example.org", "ann1@example.org");
    for (const std::int64_t id : {1, 2}) t.accounts().release_claim(AccountId{id});
    for (const std::int64_t id : {1, 2}) EXPECT_EQ(account_in(t, id).pending_until, std::nullopt);
    EXPECT_TRUE(account_in(t, 1).email_verified && account_in(t, 1).email_claimed);
    EXPECT_FALSE(account_in(t, 2).email_claimed);
  });
}

TEST_P(StoreContract, a_claimed_address_is_refused_to_others_and_an_unclaimed_one_is_not) {
  insert(pending(1, 500));
  insert(account(2));
  write([](Transaction& t) {
    EXPECT_EQ(t.accounts().set_email(AccountId{2}, "ann1@example.org", "ann1@example.org", true),
              Inserted::email_taken);
    EXPECT_EQ(t.accounts().set_email(AccountId{2}, "ann1@example.org", "ann1@example.org", false), Inserted::yes);
    EXPECT_EQ(account_in(t, 2).email, "ann1@example.org");
    EXPECT_FALSE(account_in(t, 2).email_claimed);
  });
}

TEST_P(StoreContract, a_new_address_is_nobodys_proof) {
  insert(account(1));
  write([](Transaction& t) {
    t.accounts().set_verified_email(AccountId{1}, "old@example.org", "old@example.org");
    EXPECT_EQ(t.accounts().set_email(AccountId{1}, "new@example.org", "new@example.org", true), Inserted::yes);
    EXPECT_FALSE(account_in(t, 1).email_verified);
    EXPECT_TRUE(account_in(t, 1).email_claimed);
    t.accounts().set_verified_email(AccountId{1}, "new@example.org", "new@example.org");
    t.accounts().release_claim(AccountId{1});
    EXPECT_TRUE(account_in(t, 1).email_verified);
  });
}

TEST_P(StoreContract, every_profile_field_is_kept_by_itself) {
  insert(account(1));
  for (const core::ProfileFieldRow& row : core::profile_fields) {
    write([row](Transaction& t) { t.accounts().set_profile_field(AccountId{1}, row.field, row.name); });
    write([row](Transaction& t) { EXPECT_EQ(account_in(t, 1).fields[static_cast<std::size_t>(row.field)], row.name); });
  }
}

TEST_P(StoreContract, a_change_of_what_is_shown_is_an_effect) {
  insert(account(1));
  const auto told = [this](auto change) {
    const std::size_t before = effects_.applied().profiles.size();
    write([change](Transaction& t) { change(t.accounts()); });
    const auto profiles = effects_.applied().profiles;
    return profiles.size() > before && profiles.back() == AccountId{1};
  };
  using Accounts = core::AccountStore;
  EXPECT_TRUE(told([](Accounts& a) { a.set_username(AccountId{1}, "bob", "bob"); }));
  EXPECT_TRUE(told([](Accounts& a) { a.set_email(AccountId{1}, "a@b.co", "a@b.co", false); }));
  EXPECT_TRUE(told([](Accounts& a) { a.set_verified_email(AccountId{1}, "c@b.co", "c@b.co"); }));
  EXPECT_TRUE(told([](Accounts& a) { a.set_profile_field(AccountId{1}, ProfileField::phone, "1"); }));
  EXPECT_TRUE(told([](Accounts& a) { a.erase(AccountId{1}); }));
}

}  // namespace
}  // namespace propusk::stores::testing
