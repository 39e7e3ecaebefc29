// What every store must do with connections to people at providers: one account for each of them, and none left behind.
#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::Transaction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

core::SocialLink link_to(const std::string& provider, const std::string& subject, std::int64_t account,
                         std::int64_t created = 10) {
  return {.provider = provider,
          .subject = subject,
          .account = AccountId{account},
          .is_imported = false,
          .display = "Ann Smith",
          .mailbox = "ann@gmail.com",
          .created_at = instant(created),
          .used_at = {}};
}

bool insert_link(core::Store& store, const core::SocialLink& link) {
  auto closure = [link](Transaction& t) -> core::Result<bool> { return t.social_links().insert(link); };
  return run(store.write(closure, Deadline::max())).value();
}
bool erase_link(core::Store& store, const std::string& provider, const std::string& subject) {
  auto closure = [=](Transaction& t) -> core::Result<bool> { return t.social_links().erase(provider, subject); };
  return run(store.write(closure, Deadline::max())).value();
}
std::optional<core::SocialLink> find_link_to(core::Store& store, const std::string& provider,
                                             const std::string& subject) {
  auto look = [=](const Transaction& t) { return t.social_links().find(provider, subject); };
  return run(store.read(look, Deadline::max()));
}
/// `provider:subject` of an account's connections, as they are listed.
std::vector<std::string> listed(core::Store& store, std::int64_t account) {
  auto look = [account](const Transaction& t) { return t.social_links().list(AccountId{account}); };
  std::vector<std::string> names;
  for (const core::SocialLink& link : run(store.read(look, Deadline::max())))
    names.push_back(link.provider + ":" + link.subject);
  return names;
}

TEST_P(StoreContract, a_connection_comes_back_as_it_was_put) {
  insert(account(1));
  core::SocialLink given = link_to("google-oauth2", "1000", 1);
  given.is_imported = true;
  given.display = "Анна \U0001F600";
  given.used_at = instant(12);

  ASSERT_TRUE(insert_link(*store_, given));

  const auto found = find_link_to(*store_, "google-oauth2", "1000");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->provider, "google-oauth2");
  EXPECT_EQ(found->subject, "1000");
  EXPECT_EQ(found->account, AccountId{1});
  EXPECT_TRUE(found->is_imported);
  EXPECT_EQ(found->display, given.display);
  EXPECT_EQ(found->mailbox, "ann@gmail.com");
  EXPECT_EQ(found->created_at, instant(10));
  EXPECT_EQ(found->used_at, instant(12));
}

TEST_P(StoreContract, what_is_empty_of_a_connection_comes_back_empty) {
  insert(account(1));
  core::SocialLink given = link_to("github", "7", 1);
  given.display = given.mailbox = "";
  insert_link(*store_, given);

  const auto found = find_link_to(*store_, "github", "7");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->display + found->mailbox, "");
  EXPECT_FALSE(found->is_imported);
  EXPECT_EQ(found->used_at, std::nullopt);
}

TEST_P(StoreContract, a_person_at_a_provider_is_one_accounts) {
  insert(account(1));
  insert(account(2));
  ASSERT_TRUE(insert_link(*store_, link_to("github", "7", 1)));

  EXPECT_FALSE(insert_link(*store_, link_to("github", "7", 2)));
  EXPECT_FALSE(insert_link(*store_, link_to("github", "7", 1, 20))) << "not twice to the same account either";

  EXPECT_EQ(find_link_to(*store_, "github", "7")->account, AccountId{1});
  EXPECT_EQ(find_link_to(*store_, "github", "7")->created_at, instant(10));
  EXPECT_THAT(listed(*store_, 2), IsEmpty());
}

TEST_P(StoreContract, a_refused_insertion_leaves_the_rest_of_its_write) {
  insert(account(1));
  write([](Transaction& t) {
    EXPECT_TRUE(t.social_links().insert(link_to("github", "7", 1)));
    EXPECT_FALSE(t.social_links().insert(link_to("github", "7", 1)));
    EXPECT_TRUE(t.social_links().insert(link_to("github", "8", 1)));
  });
  EXPECT_THAT(listed(*store_, 1), ElementsAre("github:7", "github:8"));
}

TEST_P(StoreContract, the_same_subject_elsewhere_is_somebody_else) {
  insert(account(1));
  insert(account(2));
  EXPECT_TRUE(insert_link(*store_, link_to("github", "7", 1)));
  EXPECT_TRUE(insert_link(*store_, link_to("vk-oauth2", "7", 2)));
  EXPECT_EQ(find_link_to(*store_, "github", "7")->account, AccountId{1});
  EXPECT_EQ(find_link_to(*store_, "vk-oauth2", "7")->account, AccountId{2});
}

TEST_P(StoreContract, subjects_of_connections_are_told_apart_to_the_byte) {
  insert(account(1));
  insert_link(*store_, link_to("oidc", "Ann", 1));
  for (const char* other : {"ann", "ANN", "Ann ", " Ann", "An", "Ann%", "А\u006e\u006e"})
    EXPECT_FALSE(find_link_to(*store_, "oidc", other)) << other;
  EXPECT_FALSE(find_link_to(*store_, "OIDC", "Ann"));
  EXPECT_FALSE(find_link_to(*store_, "oidc-2", "Ann"));
  EXPECT_TRUE(insert_link(*store_, link_to("oidc", "ann", 1))) << "and both may be there";
}

TEST_P(StoreContract, the_longest_subject_of_a_connection_is_kept_whole) {
  insert(account(1));
  const std::string longest(255, 's'), shorter(254, 's');
  ASSERT_TRUE(insert_link(*store_, link_to("oidc", longest, 1)));
  EXPECT_EQ(find_link_to(*store_, "oidc", longest)->subject, longest);
  EXPECT_FALSE(find_link_to(*store_, "oidc", shorter));
}

TEST_P(StoreContract, connections_are_listed_oldest_first_and_only_the_accounts_own) {
  insert(account(1));
  insert(account(2));
  insert_link(*store_, link_to("yandex-oauth2", "3", 1, 30));
  insert_link(*store_, link_to("github", "1", 1, 20));
  insert_link(*store_, link_to("github", "2", 2, 5));
  insert_link(*store_, link_to("vk-oauth2", "9", 1, 10));
  insert_link(*store_, link_to("google-oauth2", "4", 1, 20));

  EXPECT_THAT(listed(*store_, 1), ElementsAre("vk-oauth2:9", "github:1", "google-oauth2:4", "yandex-oauth2:3"));
  EXPECT_THAT(listed(*store_, 2), ElementsAre("github:2"));
  EXPECT_THAT(listed(*store_, 3), IsEmpty());
}

TEST_P(StoreContract, what_was_told_later_changes_nothing_else) {
  insert(account(1));
  insert(account(2));
  insert_link(*store_, link_to("github", "7", 1));
  insert_link(*store_, link_to("github", "8", 1));
  core::SocialLink told = link_to("github", "7", 2, 99);
  told.is_imported = true;
  told.display = "Ann Jones";
  told.mailbox = "";
  told.used_at = instant(50);

  write([told](Transaction& t) { t.social_links().note_told(told); });

  const auto found = find_link_to(*store_, "github", "7");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->display, "Ann Jones");
  EXPECT_EQ(found->mailbox, "");
  EXPECT_EQ(found->used_at, instant(50));
  EXPECT_EQ(found->account, AccountId{1}) << "whose it is";
  EXPECT_EQ(found->created_at, instant(10));
  EXPECT_FALSE(found->is_imported);
  EXPECT_EQ(find_link_to(*store_, "github", "8")->display, "Ann Smith");
}

TEST_P(StoreContract, what_is_told_of_nobody_makes_no_connection) {
  insert(account(1));
  write([](Transaction& t) { t.social_links().note_told(link_to("github", "7", 1)); });
  EXPECT_FALSE(find_link_to(*store_, "github", "7"));
}

TEST_P(StoreContract, an_erased_connection_is_gone_and_may_be_made_anew) {
  insert(account(1));
  insert(account(2));
  insert_link(*store_, link_to("github", "7", 1));
  insert_link(*store_, link_to("vk-oauth2", "7", 1));

  EXPECT_TRUE(erase_link(*store_, "github", "7"));

  EXPECT_FALSE(erase_link(*store_, "github", "7"));
  EXPECT_FALSE(find_link_to(*store_, "github", "7"));
  EXPECT_THAT(listed(*store_, 1), ElementsAre("vk-oauth2:7"));
  EXPECT_TRUE(insert_link(*store_, link_to("github", "7", 2)));
  EXPECT_THAT(listed(*store_, 2), ElementsAre("github:7"));
}

TEST_P(StoreContract, connections_go_with_their_account) {
  insert(account(1));
  insert(account(2));
  insert_link(*store_, link_to("github", "7", 1));
  insert_link(*store_, link_to("github", "8", 2));

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });

  EXPECT_FALSE(find_link_to(*store_, "github", "7"));
  EXPECT_THAT(listed(*store_, 1), IsEmpty());
  EXPECT_THAT(listed(*store_, 2), ElementsAre("github:8"));
}

TEST_P(StoreContract, connections_outlive_the_end_of_every_credential) {
  insert(account(1));
  insert_link(*store_, link_to("github", "7", 1));
  write([](Transaction& t) { t.accounts().end_everything(AccountId{1}); });
  EXPECT_THAT(listed(*store_, 1), ElementsAre("github:7"));
}

TEST_P(StoreContract, a_write_that_is_refused_leaves_no_connection) {
  insert(account(1));
  insert_link(*store_, link_to("github", "7", 1));
  const auto refused = run(store_->write(
      [](Transaction& t) -> core::Result<bool> {
        t.social_links().insert(link_to("github", "8", 1));
        t.social_links().erase("github", "7");
        return core::refuse(core::Refusal::last_way_in);
      },
      soon()));

  EXPECT_FALSE(refused);
  EXPECT_THAT(listed(*store_, 1), ElementsAre("github:7"));
}

TEST_P(StoreContract, connections_are_there_after_the_store_is_opened_again) {
  insert(account(1));
  insert_link(*store_, link_to("github", "7", 1));
  store_.reset();
  store_ = open();
  EXPECT_THAT(listed(*store_, 1), ElementsAre("github:7"));
}

}  // namespace
}  // namespace propusk::stores::testing
