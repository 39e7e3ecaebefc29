// The policy of the outbox over the real store: who is written to, when again, when never, and what stays unsaid.
#include <gtest/gtest.h>

#include <map>

#include "core/accounts/new_account.hpp"
#include "core/outbox/outbox.hpp"
#include "core/recovery/recovery.hpp"
#include "tests/scenarios/outbox_world.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;
using core::Delivery;
using core::MailKind;
using core::MailState;
using stores::testing::run;

class OutboxPolicy : public ::testing::Test, protected OutboxWorld {
 protected:
  OutboxPolicy() {
    settings.links = {.recovery = "https://id.example/r/{uid}/{token}/",
                      .email_change = "https://id.example/e/{uid}/{token}/",
                      .activation = "https://id.example/a/{uid}/{token}/"};
  }

  /// An account as it is after registration, with an address that it may have claimed.
  core::Account have(std::int64_t id, const std::string& username, const std::string& email, bool claims = false) {
    core::Account account = core::new_account(
        {.username = username, .email = email, .password_hash = "-", .claims_email = claims, .language = "en"},
        clock.now());
    account.id = core::AccountId{id};
    const auto done =
        write([account](core::Transaction& t) -> core::Result<core::Inserted> { return t.accounts().insert(account); });
    EXPECT_EQ(*done, core::Inserted::yes);
    return account;
  }
  void verify(const core::Account& account) {
    std::ignore = write([account](core::Transaction& t) -> core::Result<core::Inserted> {
      return t.accounts().set_verified_email(account.id, account.email, account.email_key);
    });
  }
  bool post(MailKind kind, const std::string& to, std::optional<core::AccountId> account = {}, core::Epoch epoch = 1) {
    return *write([draft = core::MailDraft{.kind = kind,
                                           .recipient = to,
                                           .language = Language::en,
                                           .account = account,
                                           .epoch = epoch,
                                           .facts = {}},
                   desk = core::open_desk(deps())](core::Transaction& t) -> core::Result<bool> {
      return core::post_mail(t, draft, desk);
    });
  }
  void ask(const std::string& email) {
    EXPECT_TRUE(run(core::request_mail(MailKind::recovery, email, Language::en, caller(), deps())));
  }
  /// The account waits for its address until then.
  void wait(const core::Account& account, Instant until) {
    std::ignore = write([account, until](core::Transaction& t) -> core::Result<bool> {
      t.accounts().set_state(account.id, core::AccountState::pending, until);
      return true;
    });
  }
  /// When the link of a letter expires.
  Instant end_of_link(const core::Dispatch& dispatch) {
    const std::string link = dispatch.letter.doors.at(0).link.reveal();
    const Digest digest = sha256(link.substr(link.size() - 44, 43));
    return read([digest](const core::Transaction& t) { return t.links().find(digest); })->expires_at;
  }
  std::size_t answer() { return run(core::answer_mail_requests(soon(), deps())); }
  std::vector<core::Dispatch> claim(core::ClaimLimits wanted = {}) {
    if (wanted.mails == 0) wanted.mails = 16;
    if (wanted.per_domain == 0) wanted.per_domain = 4;
    if (wanted.lease.count() == 0) wanted.lease = 300s;
    core::Claim claim = run(core::claim_mails(std::move(wanted), soon(), deps()));
    stopped_at = claim.stopped_at;
    return std::move(claim.dispatches);
  }
  void settle(const core::Dispatch& dispatch, Delivery::Outcome outcome) {
    // NOLINTNEXTLINE: a coroutine of its own frame, run to its end here
    boost::asio::io_context io(1);
    boost::asio::co_spawn(
        io, core::settle_mail(dispatch.id, dispatch.attempt, {.outcome = outcome, .answer = "said"}, soon(), deps()),
        [](std::exception_ptr error) { EXPECT_FALSE(error); });
    io.run();
  }
  std::map<MailState, int> states() {
    std::map<MailState, int> count;
    for (const core::Mail& mail :
         read([](const core::Transaction& t) { return t.outbox().list(std::nullopt, std::nullopt, 1000); }))
      ++count[mail.state];
    return count;
  }
  core::Mail mail(core::MailId id) {
    return *read([id](const core::Transaction& t) { return t.outbox().find(id); });
  }

  std::string stopped_at;
};

TEST_F(OutboxPolicy, ARecoveryMailNamesEveryAccountThatGaveTheAddressWithALinkEach) {
  have(1, "ann", "ann@example.org");
  have(2, "ann2", "ann@example.org");
  ask("ann@example.org");
  EXPECT_EQ(answer(), 1U);

  const auto work = claim();

  ASSERT_EQ(work.size(), 1U);
  EXPECT_EQ(work[0].letter.recipient, "ann@example.org");
  ASSERT_EQ(work[0].letter.doors.size(), 2U);
  EXPECT_EQ(work[0].letter.doors[0].username, "ann");
  EXPECT_TRUE(work[0].letter.doors[0].link.reveal().starts_with("https://id.example/r/MQ/"));
  EXPECT_TRUE(work[0].letter.doors[1].link.reveal().starts_with("https://id.example/r/Mg/"));
}

TEST_F(OutboxPolicy, WhoHasVerifiedTheAddressIsTheOnlyOneNamed) {
  have(1, "squatter", "ann@example.org");
  verify(have(2, "ann", "ann@example.org"));
  ask("ann@example.org");
  answer();

  const auto work = claim();

  ASSERT_EQ(work.size(), 1U);
  ASSERT_EQ(work[0].letter.doors.size(), 1U);
  EXPECT_EQ(work[0].letter.doors[0].username, "ann");
}

TEST_F(OutboxPolicy, AMailGoesToTheAddressAsStoredNotAsTyped) {
  have(1, "ann", "Ann@example.org");
  have(2, "other", "ANN@example.org");
  ask("ann@EXAMPLE.org");
  answer();

  const auto work = claim();

  ASSERT_EQ(work.size(), 2U) << "one mail for each spelling: they may be two mailboxes";
  for (const core::Dispatch& one : work) {
    ASSERT_EQ(one.letter.doors.size(), 1U);
    EXPECT_EQ(one.letter.recipient, one.letter.doors[0].username == "ann" ? "Ann@example.org" : "ANN@example.org");
  }
}

TEST_F(OutboxPolicy, NobodyIsWrittenToForAnUnknownOrDisabledAccount) {
  const core::Account off = have(1, "off", "off@example.org");
  std::ignore = write([off](core::Transaction& t) -> core::Result<bool> {
    t.accounts().set_state(off.id, core::AccountState::disabled);
    return true;
  });
  ask("off@example.org");
  ask("ghost@example.org");
  EXPECT_EQ(answer(), 2U);
  EXPECT_EQ(answer(), 0U) << "the requests are worked off";
  EXPECT_TRUE(claim().empty());
  EXPECT_TRUE(states().empty());
}

TEST_F(OutboxPolicy, TheCapsHoldOverAllFlowsAndCountByCanonicalAddress) {
  for (const char* spelling : {"ann@example.org", "ANN@example.org", "Ann@EXAMPLE.ORG"})
    EXPECT_TRUE(post(MailKind::recovery, spelling));
  EXPECT_FALSE(post(MailKind::recovery, "ann@example.org")) << "3 an hour";
  EXPECT_TRUE(post(MailKind::recovery, "bob@example.org")) << "others are not concerned";
  for (int hour = 0; hour < 7; ++hour) {
    clock.advance(1h + 1s);
    EXPECT_TRUE(post(MailKind::recovery, "ann@example.org")) << hour;
  }
  clock.advance(1h + 1s);
  EXPECT_FALSE(post(MailKind::recovery, "ann@example.org")) << "10 a day";
  clock.advance(24h);
  EXPECT_TRUE(post(MailKind::recovery, "ann@example.org"));
}

TEST_F(OutboxPolicy, NobodysLettersKeepAPersonFromRecovering) {
  EXPECT_TRUE(post(MailKind::email_change, "ann@example.org", core::AccountId{1}));
  EXPECT_FALSE(post(MailKind::email_change, "ann@example.org", core::AccountId{2})) << "1 an hour, whoever names her";
  EXPECT_TRUE(post(MailKind::new_device, "ann@example.org", core::AccountId{3}));
  EXPECT_FALSE(post(MailKind::new_device, "ann@example.org", core::AccountId{3})) << "the last place is a recovery's";
  EXPECT_TRUE(post(MailKind::recovery, "ann@example.org"));
}

TEST_F(OutboxPolicy, ALetterThatIsCancelledInWorkStillCounts) {
  const core::Account ann = have(1, "ann", "ann@example.org");
  EXPECT_TRUE(post(MailKind::email_change, "new@example.org", ann.id, ann.epoch));
  const auto work = claim();
  std::ignore = write([ann, now = clock.now()](core::Transaction& t) -> core::Result<bool> {
    t.outbox().cancel_all_of(ann.id, MailKind::email_change, now);
    return true;
  });
  EXPECT_FALSE(post(MailKind::email_change, "new@example.org", ann.id, ann.epoch)) << "it may have been taken";
  settle(work.at(0), Delivery::Outcome::accepted);
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::sent, 1}})) << "and it was";
}

TEST_F(OutboxPolicy, ANoticeGoesOnlyToAnAddressThatTheAccountHasProvedOrClaimed) {
  const core::Account typed = have(1, "typed", "ann@example.org");
  const core::Account claimed = have(2, "claimed", "bob@example.org", true);
  const auto notice = [&](const core::Account& account) {
    return *write([account, desk = core::open_desk(deps())](core::Transaction& t) -> core::Result<bool> {
      return core::post_notice(t, MailKind::new_device, account, {.client = "", .device = "", .other_email = ""}, desk);
    });
  };
  EXPECT_FALSE(notice(typed));
  EXPECT_TRUE(notice(claimed));
}

TEST_F(OutboxPolicy, ADeviceThatAMailProgramWouldLinkIsLeftOut) {
  const core::Account ann = have(1, "ann", "ann@example.org", true);
  settings.caps = false;
  for (const char* device : {"verify at http://evil.example/login", "go to evil.example", "mail evil@example"}) {
    std::ignore = write([ann, device, desk = core::open_desk(deps())](core::Transaction& t) -> core::Result<bool> {
      return core::post_notice(t, MailKind::new_device, ann, {.client = "", .device = device, .other_email = ""}, desk);
    });
  }
  for (const core::Dispatch& one : claim()) EXPECT_EQ(one.letter.facts.device, "");
  const char* browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  std::ignore = write([ann, browser, desk = core::open_desk(deps())](core::Transaction& t) -> core::Result<bool> {
    return core::post_notice(t, MailKind::new_device, ann, {.client = "", .device = browser, .other_email = ""}, desk);
  });
  EXPECT_EQ(claim().at(0).letter.facts.device, browser);
}

TEST(MayBeALink, WhatAMailProgramTurnsIntoOneAndNothingElse) {
  for (const char* link : {"evil.example", "shop1.com", "4u.ru", "пример.рф", "a@b", "http://x", "see win.prize now"})
    EXPECT_TRUE(core::may_be_a_link(link)) << link;
  for (const char* text : {"", "ann", "ann.", ".ann", "Chrome/120.0.0.0", "Mozilla/5.0 (X11)", "a. b", "1.2", "@ann"})
    EXPECT_FALSE(core::may_be_a_link(text)) << text;
}

TEST_F(OutboxPolicy, AStrangersAddressIsNotToldANameThatMayBeALink) {
  const core::Account prize = have(1, "win.prize.example", "ann@example.org"), bob = have(2, "bob", "bob@example.org");
  for (const core::Account& account : {prize, bob}) {
    wait(account, clock.now() + core::activation_wait);
    EXPECT_TRUE(post(MailKind::activation, account.email, account.id, account.epoch));
  }

  std::map<std::string, std::string> called;
  for (const core::Dispatch& one : claim()) called[one.letter.recipient] = one.letter.doors.at(0).username;

  EXPECT_EQ(called["ann@example.org"], "ann@example.org");
  EXPECT_EQ(called["bob@example.org"], "bob");
}

TEST_F(OutboxPolicy, WhoHasVerifiedTheAddressIsCalledByTheirNameWhateverItIs) {
  settings.caps = false;
  const core::Account ann = have(1, "win.prize.example", "ann@example.org");
  const auto name_in = [&](MailKind kind) {
    EXPECT_TRUE(post(kind, ann.email, ann.id, ann.epoch));
    return claim().at(0).letter.doors.at(0).username;
  };
  EXPECT_EQ(name_in(MailKind::recovery), "ann@example.org");
  verify(ann);
  EXPECT_EQ(name_in(MailKind::recovery), "win.prize.example");
  EXPECT_EQ(name_in(MailKind::password_changed), "win.prize.example") << "notices too";
}

TEST_F(OutboxPolicy, AnAddressThatIsNotYetTheAccountsIsNotToldANameThatMayBeALink) {
  settings.caps = false;
  const core::Account ann = have(1, "win.prize.example", "ann@example.org");
  verify(ann);
  EXPECT_TRUE(post(MailKind::email_change, "bob@example.org", ann.id, ann.epoch));
  EXPECT_EQ(claim().at(0).letter.doors.at(0).username, "bob@example.org");
}

TEST_F(OutboxPolicy, AnActivationLinkEndsWithTheWaitOfItsAccount) {
  const core::Account ann = have(1, "ann", "ann@example.org");
  const Instant until = clock.now() + core::activation_wait;
  wait(ann, until);
  clock.advance(24h);
  EXPECT_TRUE(post(MailKind::activation, ann.email, ann.id, ann.epoch));
  EXPECT_EQ(end_of_link(claim().at(0)), until) << "although it was asked for a day later";

  std::ignore = write([ann](core::Transaction& t) -> core::Result<bool> {
    t.accounts().release_claim(ann.id);
    return true;
  });
  EXPECT_TRUE(post(MailKind::activation, ann.email, ann.id, ann.epoch));
  EXPECT_EQ(end_of_link(claim().at(0)), clock.now() + core::activation_wait) << "one that waits without an end";
}

TEST_F(OutboxPolicy, WithoutCapsNothingIsHeldBack) {  // the negative control of the test above
  settings.caps = false;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(post(MailKind::new_device, "ann@example.org", core::AccountId{1}));
}

TEST_F(OutboxPolicy, ANoticeThatIsSwitchedOffIsNotWritten) {
  settings.notify_new_device = false;
  EXPECT_FALSE(post(MailKind::new_device, "ann@example.org", core::AccountId{1}));
  EXPECT_TRUE(post(MailKind::password_changed, "ann@example.org", core::AccountId{1}));
}

TEST_F(OutboxPolicy, EachAttemptMintsALinkOfItsOwnAndNoneIsStoredInClear) {
  have(1, "ann", "ann@example.org");
  ask("ann@example.org");
  answer();
  const auto first = claim();
  settle(first.at(0), Delivery::Outcome::delayed);
  clock.advance(10s);
  const auto second = claim();

  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].letter.id, first[0].letter.id) << "the Message-ID is made of it";
  const std::string link = second[0].letter.doors.at(0).link.reveal();
  EXPECT_NE(link, first[0].letter.doors.at(0).link.reveal());
  const std::string secret = link.substr(link.size() - 44, 43);
  const auto stored = read([secret](const core::Transaction& t) { return t.links().find(sha256(secret)); });
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->expires_at, second[0].letter.created_at + 1h) << "an hour from the asking, not from the sending";
}

TEST_F(OutboxPolicy, TheBackOffDoublesFromFiveSecondsToHalfAnHourLessAQuarterAtMost) {
  post(MailKind::new_device, "ann@example.org", core::AccountId{1});
  have(1, "ann", "ann@example.org");
  seconds expected = 5s;
  for (int attempt = 1; attempt <= 12; ++attempt) {
    const auto work = claim();
    ASSERT_EQ(work.size(), 1U) << attempt;
    settle(work[0], Delivery::Outcome::delayed);
    const auto wait = mail(work[0].id).next_attempt_at - clock.now();
    EXPECT_LE(wait, expected) << attempt;
    EXPECT_GE(wait, expected * 3 / 4) << attempt;
    clock.advance(wait - 1us);
    EXPECT_TRUE(claim().empty()) << "not before its time";
    clock.advance(1us);
    expected = std::min<seconds>(expected * 2, 1800s);
  }
}

TEST_F(OutboxPolicy, AServerThatIsBackIsFoundWithinAMinute) {
  post(MailKind::new_device, "ann@example.org", core::AccountId{1});
  have(1, "ann", "ann@example.org");
  for (int attempt = 1; attempt <= 12; ++attempt) {
    const auto work = claim();
    ASSERT_EQ(work.size(), 1U);
    settle(work[0], Delivery::Outcome::unreachable);
    EXPECT_LE(mail(work[0].id).next_attempt_at - clock.now(), 60s);
    clock.advance(60s);
  }
}

TEST_F(OutboxPolicy, APermanentRefusalIsADeadLetterWithAnEvent) {
  const core::Account ann = have(1, "ann", "ann@example.org");
  post(MailKind::new_device, "ann@example.org", ann.id);
  const auto work = claim();
  settle(work.at(0), Delivery::Outcome::refused);

  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::dead, 1}}));
  const auto events = read([ann](const core::Transaction& t) { return t.audit().list(ann.id, 10); });
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].action, core::AuditAction::mail_dead);
  clock.advance(24h);
  EXPECT_TRUE(claim().empty()) << "never again by itself";
}

TEST_F(OutboxPolicy, ALinkMailWhoseLinkHasDiedIsNeverSent) {
  const core::Account ann = have(1, "ann", "ann@example.org");
  post(MailKind::email_change, "new@example.org", ann.id, ann.epoch);
  std::ignore =
      write([ann](core::Transaction& t) -> core::Result<core::Epoch> { return t.accounts().end_everything(ann.id); });
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::cancelled, 1}}));
}

TEST_F(OutboxPolicy, AMailThatHasOutlivedItsUseExpiresUnsent) {
  have(1, "ann", "ann@example.org");
  ask("ann@example.org");
  answer();
  clock.advance(1h);
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::expired, 1}}));
}

TEST_F(OutboxPolicy, AMailOfADeletedAccountIsNeverSent) {
  const core::Account ann = have(1, "ann", "ann@example.org");
  ask("ann@example.org");
  answer();
  std::ignore = write([ann](core::Transaction& t) -> core::Result<bool> {
    t.accounts().erase(ann.id);
    return true;
  });
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::cancelled, 1}}));
}

TEST_F(OutboxPolicy, WhatDiedInWorkComesBackWhenItsLeaseEnds) {
  have(1, "ann", "ann@example.org");
  ask("ann@example.org");
  answer();
  EXPECT_EQ(claim().size(), 1U);
  EXPECT_TRUE(claim().empty()) << "somebody has it";
  clock.advance(300s);
  EXPECT_EQ(claim().size(), 1U);
}

TEST_F(OutboxPolicy, AnAttemptThatLostItsLeaseDecidesNothing) {
  have(1, "ann", "ann@example.org");
  ask("ann@example.org");
  answer();
  const auto lost = claim();
  clock.advance(300s);
  const auto current = claim();
  settle(lost.at(0), Delivery::Outcome::refused);
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::queued, 1}}));
  settle(current.at(0), Delivery::Outcome::accepted);
  EXPECT_EQ(states(), (std::map<MailState, int>{{MailState::sent, 1}}));
}

TEST_F(OutboxPolicy, DomainsTakeTurnsAndABusyOneIsLeftAlone) {
  settings.caps = false;
  have(1, "ann", "ann@example.org");
  for (int i = 0; i < 50; ++i) post(MailKind::new_device, "u" + std::to_string(i) + "@bad.example", core::AccountId{1});
  post(MailKind::new_device, "ann@good.example", core::AccountId{1});

  const auto work = claim({.mails = 8, .per_domain = 4, .after = "", .busy = {}, .lease = {}});
  ASSERT_EQ(work.size(), 5U) << "four of the one, and the other's turn";
  EXPECT_EQ(work.back().domain, "good.example");

  post(MailKind::new_device, "bob@good.example", core::AccountId{1});
  const auto later = claim({.mails = 8, .per_domain = 4, .after = "", .busy = {"bad.example"}, .lease = {}});
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0].letter.recipient, "bob@good.example");
}

}  // namespace
}  // namespace propusk::testing
