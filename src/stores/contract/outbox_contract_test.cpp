// What every store must do with mails and mail requests.
#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::MailId, core::MailKind, core::MailState, core::OutboxStore, core::Transaction;
using ::testing::ElementsAre, ::testing::IsEmpty;

std::vector<std::int64_t> ids(const std::vector<core::Mail>& mails) {
  std::vector<std::int64_t> ids;
  for (const auto& mail : mails) ids.push_back(static_cast<std::int64_t>(mail.id));
  return ids;
}

std::vector<std::int64_t> claimed(OutboxStore& outbox, std::int64_t now, std::int64_t lease, std::size_t limit = 9,
                                  std::string_view domain = "example.org") {
  return ids(outbox.claim(domain, instant(now), instant(lease), limit));
}

core::MailRequest request(const std::string& email) {
  return {.kind = MailKind::recovery, .email = email, .language = Language::ru, .created_at = instant(5)};
}

TEST_P(StoreContract, requests_wait_in_the_order_in_which_they_were_asked) {
  write([](Transaction& t) {
    for (const char* email : {"c@example.org", "a@example.org", "b@example.org"})
      EXPECT_TRUE(t.outbox().add_request(request(email)));
  });

  const auto oldest = read([](const Transaction& t) { return t.outbox().oldest_requests(2); });

  ASSERT_EQ(oldest.size(), 2U);
  EXPECT_EQ(oldest[0].email, "c@example.org");
  EXPECT_EQ(oldest[0].kind, MailKind::recovery);
  EXPECT_EQ(oldest[0].language, Language::ru);
  EXPECT_EQ(oldest[0].created_at, instant(5));
  EXPECT_EQ(oldest[1].email, "a@example.org");
  EXPECT_LT(oldest[0].id, oldest[1].id);
}

TEST_P(StoreContract, an_erased_request_is_gone_and_later_ones_still_come_after_the_others) {
  write([](Transaction& t) {
    t.outbox().add_request(request("a@example.org"));
    t.outbox().add_request(request("b@example.org"));
    t.outbox().erase_request(t.outbox().oldest_requests(1)[0].id);
    t.outbox().add_request(request("c@example.org"));
  });

  const auto oldest = read([](const Transaction& t) { return t.outbox().oldest_requests(9); });

  ASSERT_EQ(oldest.size(), 2U);
  EXPECT_EQ(oldest[0].email, "b@example.org");
  EXPECT_EQ(oldest[1].email, "c@example.org");
}

TEST_P(StoreContract, a_mail_comes_back_as_it_went_in) {
  core::Mail given = mail(7);
  given.kind = MailKind::email_changed;
  given.state = MailState::dead;
  given.language = Language::ru;
  given.account = AccountId{4};
  given.epoch = 3;
  given.facts = {.client = "203.0.113.7", .device = "Firefox \xd0\x9f", .other_email = "new@example.org"};
  given.attempts = 5;
  given.settled_at = instant(900);
  given.last_answer = "550 no such user";
  insert(given);
  insert(mail(8));

  const auto found = find_mail(7);

  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, given.id);
  EXPECT_EQ(found->kind, given.kind);
  EXPECT_EQ(found->state, given.state);
  EXPECT_EQ(found->recipient, given.recipient);
  EXPECT_EQ(found->recipient_key, given.recipient_key);
  EXPECT_EQ(found->domain, given.domain);
  EXPECT_EQ(found->language, given.language);
  EXPECT_EQ(found->account, given.account);
  EXPECT_EQ(found->epoch, given.epoch);
  EXPECT_EQ(found->facts.client, given.facts.client);
  EXPECT_EQ(found->facts.device, given.facts.device);
  EXPECT_EQ(found->facts.other_email, given.facts.other_email);
  EXPECT_EQ(found->created_at, given.created_at);
  EXPECT_EQ(found->next_attempt_at, given.next_attempt_at);
  EXPECT_EQ(found->expires_at, given.expires_at);
  EXPECT_EQ(found->attempts, given.attempts);
  EXPECT_EQ(found->leased_until, std::nullopt);
  EXPECT_EQ(found->settled_at, given.settled_at);
  EXPECT_EQ(found->last_answer, given.last_answer);
  EXPECT_EQ(find_mail(8)->account, std::nullopt);
  EXPECT_EQ(find_mail(8)->language, Language::en);
  EXPECT_FALSE(find_mail(9));
}

TEST_P(StoreContract, a_mail_is_queued_or_settled_and_anything_else_an_outage) {
  core::Mail never_settled = mail(1), queued_and_settled = mail(2);
  never_settled.state = MailState::sent;
  queued_and_settled.settled_at = instant(200);

  EXPECT_THROW(insert(never_settled), Outage);
  EXPECT_THROW(insert(queued_and_settled), Outage);
}

TEST_P(StoreContract, a_mail_without_a_domain_would_never_be_sent_and_is_an_outage) {
  EXPECT_THROW(insert(mail(1, "")), Outage);
}

TEST_P(StoreContract, mails_to_an_address_are_counted_from_a_moment_on_but_for_what_was_cancelled_untried) {
  for (std::int64_t id = 1; id <= 5; ++id) insert(mail(id));  // created at 101 … 105
  insert(mail(6, "example.com"));
  write([](Transaction& t) {
    t.outbox().cancel(MailId{5}, instant(200));
    claimed(t.outbox(), 100, 300, 1);
    t.outbox().cancel(MailId{1}, instant(200));  // it may have been taken already
  });

  const auto count = [this](std::int64_t since, std::optional<MailKind> kind = std::nullopt) {
    return read([since, kind](const Transaction& t) {
      return t.outbox().count_since("ann@example.org", instant(since), kind);
    });
  };

  EXPECT_EQ(count(0), 4);
  EXPECT_EQ(count(103), 2);
  EXPECT_EQ(count(105), 0);
  EXPECT_EQ(count(0, MailKind::recovery), 4);
  EXPECT_EQ(count(0, MailKind::new_device), 0);
}

TEST_P(StoreContract, mails_are_listed_newest_first_by_state_and_by_page) {
  for (const std::int64_t id : {3, 1, 2, 4}) insert(mail(id));
  core::Mail twin = mail(9);
  twin.created_at = mail(3).created_at;
  insert(twin);
  write([](Transaction& t) { t.outbox().cancel(MailId{2}, instant(200)); });

  const auto list = [this](std::optional<MailState> state, std::optional<std::int64_t> before, std::size_t limit) {
    return read([=](const Transaction& t) {
      return ids(t.outbox().list(state, before ? std::optional(MailId{*before}) : std::nullopt, limit));
    });
  };

  EXPECT_THAT(list({}, {}, 9), ElementsAre(4, 9, 3, 2, 1));
  EXPECT_THAT(list({}, {}, 2), ElementsAre(4, 9));
  EXPECT_THAT(list({}, 9, 2), ElementsAre(3, 2));
  EXPECT_THAT(list({}, 1, 9), IsEmpty());
  EXPECT_THAT(list({}, 77, 9), IsEmpty());
  EXPECT_THAT(list(MailState::queued, {}, 9), ElementsAre(4, 9, 3, 1));
  EXPECT_THAT(list(MailState::queued, 3, 9), ElementsAre(1));
  EXPECT_THAT(list(MailState::cancelled, {}, 9), ElementsAre(2));
  EXPECT_THAT(list(MailState::dead, {}, 9), IsEmpty());
}

TEST_P(StoreContract, mails_of_every_state_are_listed) {
  std::int64_t id = 0;
  for (const auto state :
       {MailState::queued, MailState::sent, MailState::dead, MailState::expired, MailState::cancelled}) {
    core::Mail one = mail(++id);
    one.state = state;
    if (state != MailState::queued) one.settled_at = instant(200);
    insert(one);
    EXPECT_THAT(read([state](const Transaction& t) { return ids(t.outbox().list(state, {}, 9)); }), ElementsAre(id));
  }

  EXPECT_THAT(read([](const Transaction& t) { return ids(t.outbox().list({}, {}, 9)); }), ElementsAre(5, 4, 3, 2, 1));
}

TEST_P(StoreContract, the_depth_tells_queued_due_and_dead) {
  for (std::int64_t id = 1; id <= 5; ++id) insert(mail(id));
  core::Mail later = mail(6);
  later.next_attempt_at = instant(500);
  insert(later);
  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300, 2);
    t.outbox().settle(MailId{1}, 1, MailState::dead, "550", instant(200));
    t.outbox().cancel(MailId{5}, instant(200));
  });

  const auto depth = read([](const Transaction& t) { return t.outbox().depth(instant(200)); });

  EXPECT_EQ(depth.queued, 4);  // 2 is leased, 3 and 4 are due, 6 waits
  EXPECT_EQ(depth.due, 2);
  EXPECT_EQ(depth.dead, 1);
}

TEST_P(StoreContract, settled_mails_go_oldest_first_and_queued_ones_stay) {
  for (std::int64_t id = 1; id <= 3; ++id) {
    core::Mail one = mail(id);
    one.state = MailState::sent;
    one.settled_at = instant(200 + id);
    insert(one);
  }
  insert(mail(4));

  write([](Transaction& t) { EXPECT_EQ(t.outbox().erase_settled(instant(203), 1), 1U); });
  EXPECT_FALSE(find_mail(1));
  EXPECT_TRUE(find_mail(2));
  write([](Transaction& t) { EXPECT_EQ(t.outbox().erase_settled(instant(203), 9), 1U); });

  EXPECT_FALSE(find_mail(2));
  EXPECT_TRUE(find_mail(3) && find_mail(4));
}

TEST_P(StoreContract, a_mail_outlives_its_account_for_whoever_claims_it_to_decide) {
  insert(account(1));
  core::Mail one = mail(1);
  one.account = AccountId{1};
  insert(one);

  write([](Transaction& t) { t.accounts().erase(AccountId{1}); });

  EXPECT_EQ(find_mail(1)->account, AccountId{1});
  EXPECT_FALSE(find(1));
}

}  // namespace
}  // namespace propusk::stores::testing
