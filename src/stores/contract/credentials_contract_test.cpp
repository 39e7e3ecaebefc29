// What every store must do with credentials and audit events.
#include <gmock/gmock.h>

#include <thread>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::Transaction;

TEST_P(StoreContract, a_credential_comes_back_as_it_went_in_and_is_opened) {
  insert(account(1));
  const auto given = credential("secret", 1);

  write([given](Transaction& t) { t.credentials().insert(given); });

  const auto found = find("secret");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, given.digest);
  EXPECT_EQ(found->kind, given.kind);
  EXPECT_EQ(found->account, given.account);
  EXPECT_EQ(found->epoch, given.epoch);
  EXPECT_EQ(found->prefix, given.prefix);
  EXPECT_EQ(found->label, given.label);
  EXPECT_EQ(found->created_at, given.created_at);
  EXPECT_EQ(found->seen_at, given.seen_at);
  EXPECT_EQ(found->expires_at, given.expires_at);
  const auto opened = effects_.applied().opened;
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].digest, given.digest);
  EXPECT_EQ(opened[0].credential.account, given.account);
  EXPECT_EQ(opened[0].credential.expires_at, given.expires_at);
}

TEST_P(StoreContract, what_a_check_needs_is_looked_up_by_many_at_once) {
  insert(account(1));
  insert(account(2));
  write([](Transaction& t) {
    for (int i = 0; i < 20; ++i) t.credentials().insert(credential("secret" + std::to_string(i), 1 + i % 2));
    t.accounts().set_state(AccountId{2}, core::AccountState::disabled);
  });
  std::vector<std::jthread> many;
  for (int i = 0; i < 20; ++i)
    many.emplace_back([this, i] {
      const std::string secret = "secret" + std::to_string(i);
      const auto held = run(store_->look_up(sha256(secret), soon()));
      ASSERT_TRUE(held);
      EXPECT_EQ(held->credential.digest, sha256(secret));
      EXPECT_EQ(held->credential.account, AccountId{1 + i % 2});
      EXPECT_EQ(held->standing.state, i % 2 ? core::AccountState::disabled : core::AccountState::active);
      EXPECT_TRUE(held->is_in_force);
      EXPECT_FALSE(run(store_->look_up(sha256("another " + secret), soon())));
    });
}

TEST_P(StoreContract, an_extended_credential_is_opened_again_with_its_new_expiry) {
  insert(account(1));
  write([](Transaction& t) { t.credentials().insert(credential("secret", 1)); });

  write([](Transaction& t) {
    EXPECT_TRUE(t.credentials().extend(sha256("secret"), instant(999)));
    EXPECT_FALSE(t.credentials().extend(sha256("another"), instant(999)));
  });

  EXPECT_EQ(find("secret")->expires_at, instant(999));
  ASSERT_EQ(effects_.applied().opened.size(), 2U);
  EXPECT_EQ(effects_.applied().opened[1].credential.expires_at, instant(999));
}

TEST_P(StoreContract, an_account_is_known_where_it_was_signed_in_from) {
  insert(account(1));
  insert(account(2));
  write([](Transaction& t) { t.credentials().insert(credential("secret", 1)); });

  EXPECT_TRUE(read([](const Transaction& t) { return t.credentials().has_from(AccountId{1}, "203.0.113.7"); }));
  EXPECT_FALSE(read([](const Transaction& t) { return t.credentials().has_from(AccountId{1}, "203.0.113.8"); }));
  EXPECT_FALSE(read([](const Transaction& t) { return t.credentials().has_from(AccountId{2}, "203.0.113.7"); }));
}

TEST_P(StoreContract, only_the_newest_credentials_of_an_account_are_kept_and_the_others_are_ended) {
  insert(account(1));
  insert(account(2));
  write([](Transaction& t) {
    for (int i = 0; i < 5; ++i) t.credentials().insert(credential("secret" + std::to_string(i), 1, 10 + i));
    t.credentials().insert(credential("other", 2, 1));
  });

  write([](Transaction& t) { t.credentials().keep_newest(AccountId{1}, core::CredentialKind::browser_session, 3); });

  EXPECT_FALSE(find("secret0") || find("secret1"));
  EXPECT_TRUE(find("secret2") && find("secret3") && find("secret4") && find("other"));
  EXPECT_THAT(effects_.applied().ended, ::testing::UnorderedElementsAre(sha256("secret0"), sha256("secret1")));
}

TEST_P(StoreContract, an_erased_account_ends_each_of_its_credentials) {
  insert(account(1));
  write([](Transaction& t) { t.credentials().insert(credential("secret", 1)); });

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });

  EXPECT_FALSE(find("secret"));
  EXPECT_EQ(effects_.applied().ended, std::vector{sha256("secret")});
}

TEST_P(StoreContract, an_erased_credential_is_ended_once) {
  insert(account(1));
  write([](Transaction& t) { t.credentials().insert(credential("secret", 1)); });

  write([](Transaction& t) {
    EXPECT_TRUE(t.credentials().erase(sha256("secret")));
    EXPECT_FALSE(t.credentials().erase(sha256("secret")));
  });

  EXPECT_FALSE(find("secret"));
  EXPECT_EQ(effects_.applied().ended, std::vector{sha256("secret")});
}

TEST_P(StoreContract, a_list_of_one_account_begins_with_the_newest) {
  insert(account(1));
  write([](Transaction& t) {
    t.accounts().insert(account(2));
    t.credentials().insert(credential("middle", 1, 20));
    t.credentials().insert(credential("newest", 1, 30));
    t.credentials().insert(credential("oldest", 1, 10));
    t.credentials().insert(credential("foreign", 2, 40));
  });

  const auto list = read([](const Transaction& t) { return t.credentials().list(AccountId{1}); });

  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].digest, sha256("newest"));
  EXPECT_EQ(list[1].digest, sha256("middle"));
  EXPECT_EQ(list[2].digest, sha256("oldest"));
}

TEST_P(StoreContract, seen_is_noted_and_expired_ones_go_oldest_first) {
  insert(account(1));
  write([](Transaction& t) {
    for (const std::int64_t created : {10, 20, 30})
      t.credentials().insert(credential(std::to_string(created), 1, created));
    t.credentials().note_seen(sha256("30"), instant(44));
  });

  // the three expire at 110, 120 and 130
  write([](Transaction& t) { EXPECT_EQ(t.credentials().erase_expired(instant(130), 1), 1U); });
  EXPECT_FALSE(find("10"));
  write([](Transaction& t) { EXPECT_EQ(t.credentials().erase_expired(instant(130), 9), 1U); });

  EXPECT_FALSE(find("20"));
  EXPECT_EQ(find("30")->seen_at, instant(44));
}

TEST_P(StoreContract, a_credential_without_its_account_is_an_outage) {
  insert(account(1));
  EXPECT_THROW(write([](Transaction& t) { t.credentials().insert(credential("secret", 99)); }), Outage);

  EXPECT_FALSE(find("secret"));
  EXPECT_TRUE(effects_.applied().opened.empty());
}

TEST_P(StoreContract, the_standing_of_an_account_is_read_with_its_epoch) {
  insert(account(1));
  write([](Transaction& t) { t.accounts().end_everything(AccountId{1}); });

  const auto standing = [](std::int64_t id) {
    return [id](const Transaction& t) { return t.credentials().standing(AccountId{id}); };
  };

  EXPECT_EQ(read(standing(1)), (core::AccountStanding{2, core::AccountState::active}));
  EXPECT_EQ(read(standing(2)), std::nullopt);
}

TEST_P(StoreContract, audit_lists_the_newest_first_of_one_account_or_of_all) {
  insert(account(1));
  const auto event = [](std::int64_t id, std::int64_t at, std::optional<AccountId> account) {
    return core::AuditEvent{.id = id,
                            .at = instant(at),
                            .action = core::AuditAction::signed_in,
                            .account = account,
                            .actor = "client 203.0.113.7",
                            .detail = "dialect=mobile"};
  };
  write([event](Transaction& t) {
    t.audit().append(event(11, 100, AccountId{1}));
    t.audit().append(event(12, 300, std::nullopt));
    t.audit().append(event(13, 200, AccountId{1}));
  });

  const auto all = read([](const Transaction& t) { return t.audit().list(std::nullopt, 2); });
  const auto of_one = read([](const Transaction& t) { return t.audit().list(AccountId{1}, 10); });

  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, 12);
  EXPECT_EQ(all[0].account, std::nullopt);
  EXPECT_EQ(all[1].id, 13);
  ASSERT_EQ(of_one.size(), 2U);
  EXPECT_EQ(of_one[0].id, 13);
  EXPECT_EQ(of_one[1].at, instant(100));
  EXPECT_EQ(of_one[1].action, core::AuditAction::signed_in);
  EXPECT_EQ(of_one[1].actor, "client 203.0.113.7");
  EXPECT_EQ(of_one[1].detail, "dialect=mobile");
}

}  // namespace
}  // namespace propusk::stores::testing
