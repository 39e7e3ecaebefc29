// What every store must do with mailed links.
#include <algorithm>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::LinkPurpose, core::Transaction;

TEST_P(StoreContract, a_link_comes_back_as_it_went_in) {
  insert(account(1));
  core::Link used = link("used", 1);
  used.purpose = LinkPurpose::email_change;
  used.used_at = instant(50);
  insert(link("fresh", 1));
  insert(used);

  const auto found = find_link("fresh");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, sha256("fresh"));
  EXPECT_EQ(found->purpose, LinkPurpose::recovery);
  EXPECT_EQ(found->account, AccountId{1});
  EXPECT_EQ(found->epoch, 3);
  EXPECT_EQ(found->email, "Ann@example.org");
  EXPECT_EQ(found->created_at, instant(10));
  EXPECT_EQ(found->expires_at, instant(100));
  EXPECT_EQ(found->used_at, std::nullopt);
  EXPECT_EQ(find_link("used")->purpose, LinkPurpose::email_change);
  EXPECT_EQ(find_link("used")->used_at, instant(50));
  EXPECT_FALSE(find_link("another"));
}

TEST_P(StoreContract, a_link_is_used_once) {
  insert(account(1));
  insert(link("secret", 1));

  write([](Transaction& t) {
    EXPECT_TRUE(t.links().use(sha256("secret"), instant(20)));
    EXPECT_FALSE(t.links().use(sha256("secret"), instant(30)));
    EXPECT_FALSE(t.links().use(sha256("another"), instant(20)));
  });

  EXPECT_EQ(find_link("secret")->used_at, instant(20));
}

/// One of many who follow the same link at once.
Task<void> follow(core::Store& store, Deadline deadline, std::vector<bool>& answers) {
  auto closure = [](Transaction& t) -> core::Result<bool> { return t.links().use(sha256("secret"), instant(20)); };
  answers.push_back((co_await store.write(closure, deadline)).value());
}

TEST_P(StoreContract, of_fifty_who_follow_one_link_at_once_one_uses_it) {
  insert(account(1));
  insert(link("secret", 1));
  boost::asio::io_context io(1);
  std::vector<bool> answers;

  for (int i = 0; i < 50; ++i)
    boost::asio::co_spawn(io, follow(*store_, soon(), answers), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();

  EXPECT_EQ(answers.size(), 50U);
  EXPECT_EQ(std::ranges::count(answers, true), 1);
}

TEST_P(StoreContract, unused_links_of_one_purpose_of_one_account_are_erased) {
  insert(account(1));
  insert(account(2));
  insert(link("one", 1));
  insert(link("two", 1));
  insert(link("used", 1));
  core::Link change = link("change", 1);
  change.purpose = LinkPurpose::email_change;
  insert(change);
  insert(link("foreign", 2));

  write([](Transaction& t) {
    t.links().use(sha256("used"), instant(20));
    t.links().erase_unused(AccountId{1}, LinkPurpose::recovery);
  });

  EXPECT_FALSE(find_link("one") || find_link("two"));
  EXPECT_TRUE(find_link("used") && find_link("change") && find_link("foreign"));
}

TEST_P(StoreContract, expired_links_go_oldest_first) {
  insert(account(1));
  for (const std::int64_t expires : {110, 120, 130}) {
    core::Link one = link(std::to_string(expires), 1);
    one.expires_at = instant(expires);
    insert(one);
  }

  write([](Transaction& t) { EXPECT_EQ(t.links().erase_expired(instant(130), 1), 1U); });
  EXPECT_FALSE(find_link("110"));
  EXPECT_TRUE(find_link("120"));
  write([](Transaction& t) { EXPECT_EQ(t.links().erase_expired(instant(130), 9), 1U); });

  EXPECT_FALSE(find_link("120"));
  EXPECT_TRUE(find_link("130"));
}

TEST_P(StoreContract, an_erased_account_takes_its_links_with_it) {
  insert(account(1));
  insert(account(2));
  insert(link("one", 1));
  insert(link("two", 2));

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });

  EXPECT_FALSE(find_link("one"));
  EXPECT_TRUE(find_link("two"));
}

}  // namespace
}  // namespace propusk::stores::testing
