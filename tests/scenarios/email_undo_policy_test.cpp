// The way back to an address that was replaced, when letters are late and mailboxes full: whoever had the account first
// has the last word, and nobody replaces an address behind its owner's back.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/accounts/new_account.hpp"
#include "core/outbox/outbox.hpp"
#include "core/profile/email_replacement.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/outbox_world.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;
using core::Delivery;
using core::MailKind;
using stores::testing::run;

constexpr core::AccountId ann{7};

class EmailUndo : public ::testing::Test, protected OutboxWorld {
 protected:
  EmailUndo() {
    settings.links.email_undo = "/undo/{uid}/{token}";
    core::Account account = core::new_account(
        {.username = "ann", .email = "ann@old.example", .password_hash = "-", .claims_email = true}, clock.now());
    account.id = ann;
    write([account](core::Transaction& t) { EXPECT_EQ(t.accounts().insert(account), core::Inserted::yes); });
    prove("ann@old.example");
  }

  [[nodiscard]] core::Account account() {
    return *read([](const core::Transaction& t) { return t.accounts().find(ann); });
  }

  /// Whoever has the account replaces its address; nothing: it was replaced.
  std::optional<core::Refusal> replace(const std::string& email) {
    clock.advance(60s);
    const core::EmailReplacement wanted{.email = email,
                                        .rule = {.is_claimed = true, .needs_activation = true},
                                        .client = "192.0.2.1",
                                        .device = "",
                                        .audit_id = core::new_audit_id(random),
                                        .desks = {core::open_desk(deps()), core::open_desk(deps())}};
    const auto done = run(store->write(
        [wanted](core::Transaction& t) -> core::Result<bool> {
          const core::Account now = t.accounts().find(ann).value();
          if (auto replaced = core::replace_email(t, now, wanted); !replaced) return std::unexpected(replaced.error());
          return true;
        },
        soon()));
    return done ? std::nullopt : std::optional(done.error().why);
  }
  /// The link that was mailed to an address is followed there.
  void prove(const std::string& email) {
    write([email](core::Transaction& t) {
      EXPECT_EQ(t.accounts().set_verified_email(ann, email, core::email_key(email)), core::Inserted::yes);
      t.accounts().set_state(ann, core::AccountState::active);
    });
  }
  /// What is due leaves now, and the servers of all domains but `late` take it. The ways back that were in it.
  std::vector<LinkParts> deliver(const std::string& late = "") {
    clock.advance(60s);
    const core::Claim claim =
        run(core::claim_mails({.mails = 16, .per_domain = 16, .after = "", .busy = {}, .lease = 300s}, soon(), deps()));
    std::vector<LinkParts> ways;
    for (const core::Dispatch& dispatch : claim.dispatches) {
      const bool is_late = dispatch.domain == late;
      settle(dispatch, is_late ? Delivery::Outcome::delayed : Delivery::Outcome::accepted);
      if (is_late || dispatch.letter.kind != MailKind::email_replaced) continue;
      ways.push_back(parts_of(dispatch.letter.doors.front().link.reveal()));
    }
    return ways;
  }
  [[nodiscard]] std::vector<core::Mail> mails_of(MailKind kind) {
    std::vector<core::Mail> mails = run(store->read(
        [](const core::Transaction& t) { return t.outbox().list(std::nullopt, std::nullopt, 1000); }, soon()));
    std::erase_if(mails, [kind](const core::Mail& mail) { return mail.kind != kind; });
    return mails;
  }
  bool take_back(const LinkParts& way) {
    clock.advance(60s);
    return run(undone(way.uid, Secret<>(way.token), caller(), deps()));
  }

 private:
  static Task<bool> undone(std::string uid, Secret<> secret, Caller caller, core::OutboxDeps deps) {
    co_return (co_await core::undo_email_change(std::move(uid), std::move(secret), caller, deps)).has_value();
  }
  static Task<bool> settled(core::MailId id, std::int64_t attempt, Delivery::Outcome outcome, Deadline deadline,
                            core::OutboxDeps deps) {
    co_await core::settle_mail(id, attempt, {.outcome = outcome, .answer = "said"}, deadline, deps);
    co_return true;
  }
  void settle(const core::Dispatch& dispatch, Delivery::Outcome outcome) {
    EXPECT_TRUE(run(settled(dispatch.id, dispatch.attempt, outcome, soon(), deps())));
  }
};

TEST_F(EmailUndo, ALetterThatAThiefsServerHeldBackGivesNothingOnceTheAccountIsTakenBack) {
  ASSERT_EQ(replace("thief@late.example"), std::nullopt);
  const std::vector<LinkParts> anns = deliver();
  ASSERT_EQ(anns.size(), 1U);
  prove("thief@late.example");
  ASSERT_EQ(replace("thief2@late.example"), std::nullopt);
  EXPECT_TRUE(deliver("late.example").empty());

  ASSERT_TRUE(take_back(anns.front()));

  clock.advance(1h);
  const std::vector<LinkParts> thiefs = deliver();
  for (const LinkParts& way : thiefs) EXPECT_FALSE(take_back(way));
  EXPECT_EQ(account().email, "ann@old.example");
}

TEST_F(EmailUndo, ALetterThatCameLateOutranksTheOnesOfLaterChanges) {
  ASSERT_EQ(replace("thief@new.example"), std::nullopt);
  EXPECT_TRUE(deliver("old.example").empty());
  prove("thief@new.example");
  ASSERT_EQ(replace("thief2@new.example"), std::nullopt);
  const std::vector<LinkParts> thiefs = deliver("old.example");
  ASSERT_EQ(thiefs.size(), 1U);
  clock.advance(1h);
  const std::vector<LinkParts> anns = deliver();
  ASSERT_EQ(anns.size(), 1U);

  ASSERT_TRUE(take_back(anns.front()));

  EXPECT_FALSE(take_back(thiefs.front()));
  EXPECT_EQ(account().email, "ann@old.example");
}

TEST_F(EmailUndo, AThiefWhoTakesBackTheirOwnChangeTakesNoLetterFromTheFirstOwner) {
  ASSERT_EQ(replace("thief@new.example"), std::nullopt);
  EXPECT_TRUE(deliver("old.example").empty());
  prove("thief@new.example");
  ASSERT_EQ(replace("thief2@new.example"), std::nullopt);
  const std::vector<LinkParts> thiefs = deliver("old.example");
  ASSERT_TRUE(take_back(thiefs.front()));

  clock.advance(1h);
  const std::vector<LinkParts> anns = deliver();

  ASSERT_EQ(anns.size(), 1U);
  EXPECT_TRUE(take_back(anns.front()));
  EXPECT_EQ(account().email, "ann@old.example");
}

TEST_F(EmailUndo, AnAddressWhoseWayBackCannotBeMailedIsNotReplaced) {
  // Anybody fills the hour of an address by asking for recoveries (SECURITY.md D8).
  for (int i = 0; i < 3; ++i)
    write([desk = core::open_desk(deps())](core::Transaction& t) {
      EXPECT_TRUE(core::post_mail(t,
                                  {.kind = MailKind::password_reset,
                                   .recipient = "ann@old.example",
                                   .language = Language::en,
                                   .account = {},
                                   .epoch = 0,
                                   .facts = {}},
                                  desk));
    });

  EXPECT_EQ(replace("thief@new.example"), core::Refusal::limited);
  EXPECT_EQ(account().email, "ann@old.example");
  EXPECT_EQ(account().state, core::AccountState::active);

  clock.advance(1h);
  EXPECT_EQ(replace("new@new.example"), std::nullopt);
  EXPECT_EQ(deliver().size(), 1U);
}

TEST_F(EmailUndo, WhoHadTheAccountLastIsToldThatItIsTakenBackButNotFromWhere) {
  ASSERT_EQ(replace("new@new.example"), std::nullopt);
  const LinkParts way = deliver().at(0);
  prove("new@new.example");
  ASSERT_TRUE(take_back(way));

  const std::vector<core::Mail> told = mails_of(MailKind::email_changed);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].recipient, "new@new.example");
  EXPECT_EQ(told[0].facts.other_email, "ann@old.example");
  EXPECT_EQ(told[0].facts.client + told[0].facts.device, "");
}

TEST_F(EmailUndo, AnAddressThatTheAccountOnlyClaimsIsToldNothing) {
  ASSERT_EQ(replace("new@new.example"), std::nullopt);
  ASSERT_TRUE(take_back(deliver().at(0)));

  EXPECT_TRUE(mails_of(MailKind::email_changed).empty());
}

TEST_F(EmailUndo, AWayBackThatHasBeenGoneAlreadyIsNotMailed) {
  ASSERT_EQ(replace("new@new.example"), std::nullopt);
  prove("ann@old.example");

  EXPECT_TRUE(deliver().empty());

  const std::vector<core::Mail> ways = mails_of(MailKind::email_replaced);
  ASSERT_EQ(ways.size(), 1U);
  EXPECT_EQ(ways[0].state, core::MailState::cancelled);
}

}  // namespace
}  // namespace propusk::testing
