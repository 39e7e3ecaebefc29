// Accounts that wait for their address, over the real store: one that nobody ever had goes when the wait ends, and one
// that is somebody's stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/rename.hpp"
#include "core/activation/activation.hpp"
#include "core/sessions/live_credentials.hpp"
#include "core/upkeep/upkeep.hpp"
#include "tests/scenarios/outbox_world.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;
using core::MailKind;
using stores::testing::run;

constexpr core::AccountId ann{7};
constexpr const char* address = "ann@example.org";

/// Whether the account was active before it got another address, for which it waits.
class ActivationPolicy : public ::testing::TestWithParam<bool>, protected OutboxWorld {
 protected:
  ActivationPolicy() {
    settings.caps = false;
    core::Account account = core::new_account(
        {.username = "ann", .email = address, .password_hash = "-", .claims_email = true}, clock.now());
    account.id = ann;
    if (!was_active()) account = core::as_pending(std::move(account), clock.now());
    write([account, until = until, digest = sha256(secret.reveal())](core::Transaction& t) {
      EXPECT_EQ(t.accounts().insert(account), core::Inserted::yes);
      t.accounts().set_state(ann, core::AccountState::pending, until);
      t.links().insert({.digest = digest,
                        .purpose = core::LinkPurpose::activation,
                        .account = ann,
                        .epoch = account.epoch,
                        .email = address,
                        .created_at = account.created_at,
                        .expires_at = until,
                        .used_at = {}});
    });
  }

  static bool was_active() { return GetParam(); }
  core::ActivationDeps activation() { return {.outbox = deps(), .asked = counters, .completed = counters}; }
  [[nodiscard]] std::optional<core::Account> account() {
    return read([](const core::Transaction& t) { return t.accounts().find(ann); });
  }
  /// The wait is over, and upkeep has its turn.
  void lapse() {
    clock.advance(core::activation_wait);
    EXPECT_TRUE(run(swept(soon(), {*store, live, limits, clock, random})));
  }
  /// How many activation letters a request for one to the address causes.
  std::size_t letters_asked_for() {
    EXPECT_TRUE(run(core::request_activation(address, Language::en, caller(), activation())));
    EXPECT_EQ(run(core::answer_mail_requests(soon(), deps())), 1U);
    return read([](const core::Transaction& t) { return t.outbox().list(std::nullopt, std::nullopt, 1000); }).size();
  }

  const Instant until = clock.now() + core::activation_wait;
  const Secret<> secret = core::new_link_secret(random);  ///< of the link that was mailed
  core::OutcomeCounters counters;
  core::LiveCredentials live{100};

 private:
  static Task<bool> swept(Deadline deadline, core::UpkeepDeps deps) {
    co_await core::sweep_expired(deadline, deps);
    co_return true;
  }
};

INSTANTIATE_TEST_SUITE_P(Accounts, ActivationPolicy, ::testing::Bool(),
                         [](const auto& is) { return is.param ? "ThatWereActive" : "ThatNeverWere"; });

TEST_P(ActivationPolicy, WhenTheWaitLapsesOnlyOneThatIsSomebodysStays) {
  EXPECT_EQ(account()->last_sign_in_at, std::nullopt) << "it is not signing in that makes it somebody's";

  lapse();

  ASSERT_EQ(account().has_value(), was_active());
  if (!was_active()) return;
  EXPECT_EQ(account()->state, core::AccountState::pending);
  EXPECT_FALSE(account()->email_claimed);
  EXPECT_EQ(account()->pending_until, std::nullopt);
  EXPECT_EQ(letters_asked_for(), 1U) << "another letter may still prove the address";
}

TEST_P(ActivationPolicy, WhenTheAddressIsDisownedOnlyOneThatIsSomebodysStaysWithoutIt) {
  const std::string uid = core::uid_of(ann);
  const auto link = run(core::look_at_activation_link(uid, secret, caller(), activation()));
  ASSERT_TRUE(link);
  EXPECT_EQ(link->is_new, !was_active());

  EXPECT_TRUE(run(core::disown_account(uid, secret, caller(), activation())));

  EXPECT_EQ(letters_asked_for(), 0U);
  ASSERT_EQ(account().has_value(), was_active());
  if (!was_active()) return;
  EXPECT_EQ(account()->email, "");
  EXPECT_FALSE(account()->email_claimed);
  EXPECT_EQ(account()->state, core::AccountState::pending);
  lapse();
  EXPECT_TRUE(account());
}

TEST_P(ActivationPolicy, OneWhoseAddressAnOperatorVerifiedDoesNotLapse) {
  write([](core::Transaction& t) {
    EXPECT_EQ(t.accounts().set_verified_email(ann, address, address), core::Inserted::yes);
  });

  lapse();

  ASSERT_TRUE(account());
  EXPECT_TRUE(account()->email_verified);
  EXPECT_EQ(account()->state, core::AccountState::pending);
  EXPECT_EQ(account()->pending_until, std::nullopt);
}

TEST_P(ActivationPolicy, OneThatIsDisabledDoesNotLapse) {
  write([until = until](core::Transaction& t) { t.accounts().set_state(ann, core::AccountState::disabled, until); });

  lapse();

  ASSERT_TRUE(account());
  EXPECT_EQ(account()->state, core::AccountState::disabled);
  EXPECT_TRUE(account()->email_claimed);
}

class NameOfAnAddress : public ::testing::Test, protected OutboxWorld {};

TEST_F(NameOfAnAddress, GivesWayToOneThatNobodyCanTakeBefore) {
  core::Account account = core::new_account({.username = address, .email = address, .password_hash = "-"}, clock.now());
  account.id = ann;
  write([account](core::Transaction& t) {
    EXPECT_EQ(t.accounts().insert(account), core::Inserted::yes);
    core::drop_address_name(t.accounts(), account);
  });

  const core::Account nameless = *read([](const core::Transaction& t) { return t.accounts().find(ann); });
  EXPECT_NE(nameless.username, address);
  using Shape = core::UsernameShape;
  for (const Shape shape : {Shape::slug, Shape::handle, Shape::word, Shape::address})
    EXPECT_FALSE(core::is_username(nameless.username, shape)) << nameless.username;

  write([nameless](core::Transaction& t) { core::rename_with_email(t.accounts(), nameless, "new@example.org"); });
  EXPECT_EQ(read([](const core::Transaction& t) { return t.accounts().find(ann); })->username, "new@example.org");
}

TEST_F(NameOfAnAddress, IsGivenUpWithTheAddressEvenIfTheNextNameIsTaken) {
  core::Account account = core::new_account({.username = address, .email = address, .password_hash = "-"}, clock.now());
  account.id = ann;
  core::Account other =
      core::new_account({.username = "old@example.org", .email = "", .password_hash = "-"}, clock.now());
  other.id = core::AccountId{8};
  write([account, other](core::Transaction& t) {
    EXPECT_EQ(t.accounts().insert(account), core::Inserted::yes);
    EXPECT_EQ(t.accounts().insert(other), core::Inserted::yes);
    core::rename_with_email(t.accounts(), account, "old@example.org");
  });

  EXPECT_FALSE(read([](const core::Transaction& t) { return t.accounts().find_by_username(address); }).has_value());
}

}  // namespace
}  // namespace propusk::testing
