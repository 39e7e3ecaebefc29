// What every store must do with the queue: due domains, claims, leases, and reports of attempts.
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

TEST_P(StoreContract, domains_with_due_mail_take_turns_in_byte_order) {
  insert(mail(1, "b.example"));
  insert(mail(2, "a.example"));
  insert(mail(3, "a.example"));
  insert(mail(4, "leased.example"));
  core::Mail later = mail(5, "later.example");
  later.next_attempt_at = instant(101);
  insert(later);
  insert(mail(6, "xn--80ak.example"));
  insert(mail(7, "cancelled.example"));
  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300, 1, "leased.example");
    t.outbox().cancel(MailId{7}, instant(100));
  });

  const auto due = [this](std::string_view after, std::int64_t now, std::size_t limit) {
    return read([=](const Transaction& t) { return t.outbox().due_domains(after, instant(now), limit); });
  };

  EXPECT_THAT(due("", 99, 9), IsEmpty());
  EXPECT_THAT(due("", 100, 9), ElementsAre("a.example", "b.example", "xn--80ak.example"));
  EXPECT_THAT(due("", 100, 2), ElementsAre("a.example", "b.example"));
  EXPECT_THAT(due("b.example", 100, 2), ElementsAre("xn--80ak.example"));
  EXPECT_THAT(due("b.example", 101, 9), ElementsAre("later.example", "xn--80ak.example"));
  EXPECT_THAT(due("b.example", 300, 9), ElementsAre("later.example", "leased.example", "xn--80ak.example"));
  EXPECT_THAT(due("xn--80ak.example", 100, 9), IsEmpty());
}

TEST_P(StoreContract, a_claim_leases_the_oldest_attempts_of_one_domain) {
  core::Mail first = mail(3);
  first.next_attempt_at = instant(50);
  core::Mail later = mail(4);
  later.next_attempt_at = instant(101);
  insert(later);
  insert(mail(2));
  insert(mail(1));
  insert(first);
  insert(mail(5, "example.com"));

  write([](Transaction& t) {
    const auto leased = t.outbox().claim("example.org", instant(100), instant(300), 2);
    EXPECT_THAT(ids(leased), ElementsAre(3, 1));
    EXPECT_EQ(leased[0].attempts, 1);
    EXPECT_EQ(leased[0].leased_until, instant(300));
    EXPECT_EQ(leased[0].recipient, "Ann@example.org");
  });

  EXPECT_EQ(find_mail(3)->attempts, 1);
  EXPECT_EQ(find_mail(3)->leased_until, instant(300));
  EXPECT_EQ(find_mail(2)->attempts, 0);
  EXPECT_EQ(find_mail(2)->leased_until, std::nullopt);
}

TEST_P(StoreContract, two_claims_never_get_the_same_mail_until_its_lease_ends) {
  for (std::int64_t id = 1; id <= 3; ++id) insert(mail(id));

  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 100, 300, 2), ElementsAre(1, 2)); });
  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 100, 400, 2), ElementsAre(3)); });
  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 299, 400), IsEmpty()); });
  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 300, 500), ElementsAre(1, 2)); });

  EXPECT_EQ(find_mail(1)->attempts, 2);
  EXPECT_EQ(find_mail(3)->attempts, 1);
}

/// One of many workers that claim at once.
Task<void> work(core::Store& store, Deadline deadline, std::vector<std::int64_t>& got) {
  auto closure = [](Transaction& t) -> core::Result<std::vector<std::int64_t>> {
    return claimed(t.outbox(), 100, 300, 3);
  };
  for (const auto id : (co_await store.write(closure, deadline)).value()) got.push_back(id);
}

TEST_P(StoreContract, of_workers_that_claim_at_once_each_mail_has_one) {
  for (std::int64_t id = 1; id <= 20; ++id) insert(mail(id));
  const auto other = open();
  boost::asio::io_context io(1);
  std::vector<std::int64_t> got;

  for (int i = 0; i < 10; ++i)
    boost::asio::co_spawn(io, work(i % 2 == 0 ? *store_ : *other, soon(), got),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();

  std::ranges::sort(got);
  EXPECT_EQ(got.size(), 20U);
  EXPECT_TRUE(std::ranges::adjacent_find(got) == got.end());
}

TEST_P(StoreContract, the_next_due_moment_is_the_earliest_attempt_or_end_of_a_lease) {
  const auto next = [this] { return read([](const Transaction& t) { return t.outbox().next_due(); }); };
  EXPECT_EQ(next(), std::nullopt);
  core::Mail later = mail(2);
  later.next_attempt_at = instant(500);
  insert(mail(1));
  insert(later);

  EXPECT_EQ(next(), instant(100));
  write([](Transaction& t) { claimed(t.outbox(), 100, 300); });
  EXPECT_EQ(next(), instant(300));
  write([](Transaction& t) { t.outbox().settle(MailId{1}, 1, MailState::sent, "", instant(200)); });
  EXPECT_EQ(next(), instant(500));
  write([](Transaction& t) { t.outbox().cancel(MailId{2}, instant(200)); });
  EXPECT_EQ(next(), std::nullopt);
}

TEST_P(StoreContract, a_settled_mail_has_left_the_queue) {
  insert(mail(1));

  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300);
    EXPECT_TRUE(t.outbox().settle(MailId{1}, 1, MailState::sent, "250 queued as 7", instant(200)));
    EXPECT_FALSE(t.outbox().settle(MailId{1}, 1, MailState::dead, "550", instant(201)));
    EXPECT_FALSE(t.outbox().settle(MailId{9}, 1, MailState::sent, "", instant(200)));
    EXPECT_THAT(claimed(t.outbox(), 9'000, 9'300), IsEmpty());
  });

  EXPECT_EQ(find_mail(1)->state, MailState::sent);
  EXPECT_EQ(find_mail(1)->settled_at, instant(200));
  EXPECT_EQ(find_mail(1)->last_answer, "250 queued as 7");
  EXPECT_EQ(find_mail(1)->leased_until, std::nullopt);
}

TEST_P(StoreContract, a_postponed_mail_waits_for_its_next_attempt) {
  insert(mail(1));

  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300);
    EXPECT_TRUE(t.outbox().postpone(MailId{1}, 1, instant(600), "451 later"));
    EXPECT_THAT(claimed(t.outbox(), 599, 900), IsEmpty());
  });
  EXPECT_EQ(find_mail(1)->state, MailState::queued);
  EXPECT_EQ(find_mail(1)->leased_until, std::nullopt);
  EXPECT_EQ(find_mail(1)->next_attempt_at, instant(600));
  EXPECT_EQ(find_mail(1)->last_answer, "451 later");

  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 600, 900), ElementsAre(1)); });
  EXPECT_EQ(find_mail(1)->attempts, 2);
}

TEST_P(StoreContract, the_report_of_an_older_attempt_changes_nothing) {
  insert(mail(1));

  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300);
    claimed(t.outbox(), 300, 500);
    EXPECT_FALSE(t.outbox().settle(MailId{1}, 1, MailState::dead, "550", instant(301)));
    EXPECT_FALSE(t.outbox().postpone(MailId{1}, 1, instant(302), "451"));
  });

  EXPECT_EQ(find_mail(1)->state, MailState::queued);
  EXPECT_EQ(find_mail(1)->leased_until, instant(500));
  EXPECT_EQ(find_mail(1)->last_answer, "");
  write([](Transaction& t) { EXPECT_TRUE(t.outbox().settle(MailId{1}, 2, MailState::sent, "", instant(400))); });
}

TEST_P(StoreContract, a_mail_cancelled_while_leased_becomes_sent_if_a_server_took_it_and_nothing_else) {
  insert(mail(1));

  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300);
    EXPECT_TRUE(t.outbox().cancel(MailId{1}, instant(150)));
    EXPECT_FALSE(t.outbox().settle(MailId{1}, 1, MailState::dead, "", instant(200)));
    EXPECT_FALSE(t.outbox().postpone(MailId{1}, 1, instant(400), ""));
    t.outbox().release_leases();
    EXPECT_THAT(claimed(t.outbox(), 9'000, 9'300), IsEmpty());
  });
  EXPECT_EQ(find_mail(1)->state, MailState::cancelled);
  EXPECT_EQ(find_mail(1)->settled_at, instant(150));

  write([](Transaction& t) { EXPECT_TRUE(t.outbox().settle(MailId{1}, 1, MailState::sent, "250", instant(200))); });
  EXPECT_EQ(find_mail(1)->state, MailState::sent);
}

TEST_P(StoreContract, queued_and_dead_mails_are_cancelled_and_no_others) {
  std::int64_t id = 0;
  for (const auto state :
       {MailState::queued, MailState::dead, MailState::sent, MailState::expired, MailState::cancelled}) {
    core::Mail one = mail(++id);
    one.state = state;
    if (state != MailState::queued) one.settled_at = instant(200);
    insert(one);
  }

  write([](Transaction& t) {
    EXPECT_TRUE(t.outbox().cancel(MailId{1}, instant(200)) && t.outbox().cancel(MailId{2}, instant(200)));
    for (std::int64_t other = 3; other <= 6; ++other) EXPECT_FALSE(t.outbox().cancel(MailId{other}, instant(200)));
  });

  EXPECT_EQ(find_mail(2)->state, MailState::cancelled);
  EXPECT_EQ(find_mail(3)->state, MailState::sent);
}

TEST_P(StoreContract, a_mail_that_left_unsent_is_queued_again_and_no_other) {
  std::int64_t id = 0;
  for (const auto state :
       {MailState::dead, MailState::expired, MailState::cancelled, MailState::queued, MailState::sent}) {
    core::Mail one = mail(++id);
    one.state = state;
    one.attempts = 4;
    if (state != MailState::queued) one.settled_at = instant(200);
    insert(one);
  }

  write([](Transaction& t) {
    for (std::int64_t unsent = 1; unsent <= 3; ++unsent)
      EXPECT_TRUE(t.outbox().requeue(MailId{unsent}, instant(700), instant(9'000))) << unsent;
    for (std::int64_t other = 4; other <= 6; ++other)
      EXPECT_FALSE(t.outbox().requeue(MailId{other}, instant(700), instant(9'000))) << other;
  });

  EXPECT_EQ(find_mail(1)->state, MailState::queued);
  EXPECT_EQ(find_mail(1)->next_attempt_at, instant(700));
  EXPECT_EQ(find_mail(1)->expires_at, instant(9'000));
  EXPECT_EQ(find_mail(1)->settled_at, std::nullopt);
  write([](Transaction& t) {
    EXPECT_THAT(claimed(t.outbox(), 700, 900), ElementsAre(4, 1, 2, 3));
    EXPECT_FALSE(t.outbox().settle(MailId{1}, 4, MailState::dead, "550 late", instant(701)));  // the fifth has begun
  });
}

TEST_P(StoreContract, everything_queued_of_one_kind_to_an_address_or_for_an_account_is_cancelled) {
  const auto put = [this](std::int64_t id, MailKind kind, std::int64_t account, const std::string& domain) {
    core::Mail one = mail(id, domain);
    one.kind = kind;
    one.account = AccountId{account};
    insert(one);
  };
  put(1, MailKind::recovery, 1, "example.org");
  put(2, MailKind::recovery, 2, "example.org");
  put(3, MailKind::email_change, 1, "example.org");
  put(4, MailKind::recovery, 1, "example.com");
  put(5, MailKind::recovery, 1, "example.org");
  write([](Transaction& t) {
    claimed(t.outbox(), 100, 300, 1);
    t.outbox().settle(MailId{1}, 1, MailState::sent, "", instant(100));
    t.outbox().cancel_all_to("ann@example.org", MailKind::recovery, instant(200));
  });

  const auto state = [this](std::int64_t id) { return find_mail(id)->state; };
  EXPECT_EQ(state(1), MailState::sent);
  EXPECT_EQ(state(2), MailState::cancelled);
  EXPECT_EQ(find_mail(2)->settled_at, instant(200));
  EXPECT_EQ(state(3), MailState::queued);
  EXPECT_EQ(state(4), MailState::queued);
  EXPECT_EQ(state(5), MailState::cancelled);

  write([](Transaction& t) { t.outbox().cancel_all_of(AccountId{1}, MailKind::recovery, instant(300)); });
  EXPECT_EQ(state(1), MailState::sent);
  EXPECT_EQ(state(3), MailState::queued);
  EXPECT_EQ(state(4), MailState::cancelled);
  EXPECT_EQ(find_mail(2)->settled_at, instant(200));
}

TEST_P(StoreContract, mails_of_an_account_are_cancelled_from_a_moment_on) {
  for (const std::int64_t id : {1, 2, 3, 4}) {
    core::Mail each = mail(id);
    each.created_at = instant(100 * id);
    if (id == 3) each.kind = MailKind::email_replaced;
    each.account = AccountId{id == 4 ? 2 : 1};
    insert(each);
  }

  write([](Transaction& t) {
    t.outbox().cancel_all_since(AccountId{1}, MailKind::recovery, instant(200), instant(900));
  });

  EXPECT_EQ(find_mail(1)->state, MailState::queued) << "created before";
  EXPECT_EQ(find_mail(2)->state, MailState::cancelled);
  EXPECT_EQ(find_mail(2)->settled_at, instant(900));
  EXPECT_EQ(find_mail(3)->state, MailState::queued) << "of another kind";
  EXPECT_EQ(find_mail(4)->state, MailState::queued) << "of another account";
}

TEST_P(StoreContract, released_leases_leave_their_mails_due_and_the_others_as_they_were) {
  core::Mail waits = mail(3);
  waits.next_attempt_at = instant(5'000);
  insert(mail(1));
  insert(mail(2));
  insert(waits);
  write([](Transaction& t) { claimed(t.outbox(), 110, 4'000, 1); });

  write([](Transaction& t) { t.outbox().release_leases(); });

  EXPECT_EQ(find_mail(1)->leased_until, std::nullopt);
  EXPECT_EQ(find_mail(1)->attempts, 1);
  EXPECT_EQ(find_mail(3)->next_attempt_at, instant(5'000));
  write([](Transaction& t) { EXPECT_THAT(claimed(t.outbox(), 110, 4'000), ::testing::UnorderedElementsAre(1, 2)); });
}

TEST_P(StoreContract, mails_of_every_kind_are_claimed) {
  std::int64_t id = 0;
  for (const core::MailKindRow& row : core::mail_kinds) {
    core::Mail one = mail(++id);
    one.kind = row.kind;
    insert(one);
  }

  write([](Transaction& t) { EXPECT_EQ(claimed(t.outbox(), 100, 300, 99).size(), core::mail_kinds.size()); });
}

}  // namespace
}  // namespace propusk::stores::testing
