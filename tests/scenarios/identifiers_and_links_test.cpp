// Whom an identifier names, which names are taken, and what a link is good for: the rules over the real store.
#include <gtest/gtest.h>

#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/links/look.hpp"
#include "core/sign_in/find_account.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;
using core::AccountId;
using core::IdentifierRule;
using core::LinkPurpose;
using core::Refusal;
using stores::testing::run;

class Rules : public ::testing::Test {
 protected:
  template <class Change>
  void change(Change make) {
    const auto done = run(store->write(
        [make](core::Transaction& t) -> core::Result<bool> {
          make(t);
          return true;
        },
        clock.monotonic() + 20s));
    ASSERT_TRUE(done);
  }
  template <class Look>
  auto read(Look look) {
    return run(store->read(std::move(look), clock.monotonic() + 20s));
  }
  void have(std::int64_t id, const std::string& username, const std::string& email, bool claims = false) {
    core::Account account = core::new_account(
        {.username = username, .email = email, .password_hash = "-", .claims_email = claims}, clock.now());
    account.id = AccountId{id};
    change([account](core::Transaction& t) { EXPECT_EQ(t.accounts().insert(account), core::Inserted::yes); });
  }
  void verify(std::int64_t id, const std::string& email) {
    change([=](core::Transaction& t) {
      EXPECT_EQ(t.accounts().set_verified_email(AccountId{id}, email, core::email_key(email)), core::Inserted::yes);
    });
  }
  /// The id of whom the identifier names; 0 for nobody.
  std::int64_t named(const std::string& identifier, IdentifierRule rule = IdentifierRule::any) {
    const auto found =
        read([=](const core::Transaction& t) { return core::find_by_identifier(rule, identifier, t.accounts()); });
    return found ? static_cast<std::int64_t>(found->id) : 0;
  }

  FakeClock clock;
  SeededRandom random;
  stores::testing::EffectLog effects;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(effects, clock);
};

using Identifiers = Rules;

TEST_F(Identifiers, AVerifiedAddressComesBeforeAClaimedOneAndThatBeforeAUsername) {
  have(1, "ann@example.org", "");
  EXPECT_EQ(named("ann@example.org"), 1);
  have(2, "ann", "ann@example.org", true);
  EXPECT_EQ(named("ann@example.org"), 2);
  have(3, "anna", "ann@example.org");
  EXPECT_EQ(named("ann@example.org"), 2) << "an address that was only typed names nobody";
  verify(3, "ann@example.org");
  EXPECT_EQ(named("ann@example.org"), 3);
  EXPECT_EQ(named("ANN@Example.ORG"), 3);
}

TEST_F(Identifiers, AUsernameIsTakenAsItIsBeforeItIsFoldedAndATieIsNobody) {
  have(1, "ann", "");
  EXPECT_EQ(named("ANN"), 1);
  have(2, "ANN", "");
  EXPECT_EQ(named("ANN"), 2);
  EXPECT_EQ(named("ann"), 1);
  EXPECT_EQ(named("Ann"), 0);
}

TEST_F(Identifiers, TheExactRuleFoldsNothingAndTakesNoAddress) {
  have(1, "ann", "ann@example.org", true);
  EXPECT_EQ(named("ann", IdentifierRule::exact_username), 1);
  EXPECT_EQ(named("ANN", IdentifierRule::exact_username), 0);
  EXPECT_EQ(named("ann@example.org", IdentifierRule::exact_username), 0);
}

TEST_F(Identifiers, UnknownNamesCountAsTheyAreMatched) {
  EXPECT_EQ(core::limits_name(IdentifierRule::any, "GHOST"), core::limits_name(IdentifierRule::any, "ghost"));
  EXPECT_EQ(core::limits_name(IdentifierRule::any, "G@Example.org"),
            core::limits_name(IdentifierRule::any, "g@example.ORG"));
  EXPECT_NE(core::limits_name(IdentifierRule::exact_username, "GHOST"),
            core::limits_name(IdentifierRule::exact_username, "ghost"));
}

TEST_F(Identifiers, AnAddressIsTakenByWhoVerifiedOrClaimedItAndByNobodyElse) {
  have(1, "typed", "ann@example.org");
  const auto is_taken = [&](std::int64_t except) {
    return read([=](const core::Transaction& t) {
      return core::is_email_taken(t.accounts(), "ANN@example.org", AccountId{except});
    });
  };
  EXPECT_FALSE(is_taken(0));
  have(2, "claims", "ann@example.org", true);
  EXPECT_TRUE(is_taken(0));
  EXPECT_FALSE(is_taken(2)) << "not by oneself";
  verify(1, "ann@example.org");
  EXPECT_TRUE(is_taken(2)) << "a verification beats the claim";
}

TEST_F(Identifiers, NobodyIsCalledByTheAddressOfSomebodyElse) {
  EXPECT_TRUE(core::is_foreign_email("bob@example.org", core::email_key("ann@example.org")));
  EXPECT_TRUE(core::is_foreign_email("bob@example.org", ""));
  EXPECT_FALSE(core::is_foreign_email("Ann@Example.org", core::email_key("ann@example.org")));
  EXPECT_FALSE(core::is_foreign_email("ann", ""));
}

class LinkRules : public Rules {
 protected:
  LinkRules() {
    have(7, "ann", "ann@example.org");
    const core::Link link{.digest = sha256(secret.reveal()),
                          .purpose = LinkPurpose::recovery,
                          .account = AccountId{7},
                          .epoch = 1,
                          .email = "ann@example.org",
                          .created_at = clock.now(),
                          .expires_at = clock.now() + 1h,
                          .used_at = {}};
    change([link](core::Transaction& t) { t.links().insert(link); });
  }
  /// Nothing: the link is live.
  std::optional<Refusal> look(const std::string& uid = "Nw", LinkPurpose purpose = LinkPurpose::recovery) {
    const core::LinkPresented presented{uid, secret};
    const auto found = read([&](const core::Transaction& t) {
      return core::look_at_link(t.links(), t.accounts(), presented, purpose, clock.now());
    });
    return found ? std::nullopt : std::optional(found.error().why);
  }
  Secret<> secret = core::new_link_secret(random);
};

TEST_F(LinkRules, OneIsLiveForItsAccountAndPurposeUntilItsTime) {
  EXPECT_EQ(look(), std::nullopt);
  EXPECT_EQ(look("OA"), Refusal::uid_unknown) << "of nobody";
  EXPECT_EQ(look("Nw", LinkPurpose::email_change), Refusal::link_unknown);
  EXPECT_EQ(look("not a uid"), Refusal::uid_unknown);
  clock.advance(1h - 1us);
  EXPECT_EQ(look(), std::nullopt);
  clock.advance(1us);
  EXPECT_EQ(look(), Refusal::link_expired);
}

TEST_F(LinkRules, OneThatWasUsedSaysSo) {
  change([digest = sha256(secret.reveal()), now = clock.now()](core::Transaction& t) { t.links().use(digest, now); });
  EXPECT_EQ(look(), Refusal::link_used);
}

TEST_F(LinkRules, OneDiesWhenEverythingOfItsAccountEnds) {
  change([](core::Transaction& t) { t.accounts().end_everything(AccountId{7}); });
  EXPECT_EQ(look(), Refusal::link_unknown);
}

TEST_F(LinkRules, OneDiesWithTheAddressThatItWasMailedTo) {
  verify(7, "new@example.org");
  EXPECT_EQ(look(), Refusal::link_unknown);
}

TEST_F(LinkRules, OneOfADisabledOrDeletedAccountIsUnknown) {
  change([](core::Transaction& t) { t.accounts().set_state(AccountId{7}, core::AccountState::disabled); });
  EXPECT_EQ(look(), Refusal::link_unknown);
  change([](core::Transaction& t) { t.accounts().erase(AccountId{7}); });
  EXPECT_EQ(look(), Refusal::uid_unknown);
}

}  // namespace
}  // namespace propusk::testing
