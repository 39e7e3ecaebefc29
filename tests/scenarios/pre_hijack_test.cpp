// Who prepares an account on somebody else's address gets nothing of theirs: the five variants of the MSRC study, for
// three providers (SECURITY.md O4).
#include "tests/scenarios/pre_hijack.hpp"

#include <gmock/gmock.h>

namespace propusk::testing {
namespace {
using ::testing::IsEmpty;

// 1. Classic-federated merge: the thief signs up with the address and a password; the victim comes by a provider.

TEST_P(PreHijack, AMergeGivesThePasswordThatWasThereFirstNothing) {
  const Held held = prepare();

  EXPECT_EQ(username_by(provider(), "vera"), "vera");

  EXPECT_THAT(ways_into("vera", held), IsEmpty());
  EXPECT_FALSE(server.account("thief").email_claimed);
  EXPECT_TRUE(server.account("vera").email_verified);
  EXPECT_EQ(username_by(provider(), "vera"), "vera") << "the victim comes again";
}

TEST_P(PreHijack, AMergeIsRefusedWhereTheVictimWasTalkedIntoActivatingTheThiefsAccount) {
  config::Settings with_activation = settings();
  with_activation.djoser.activation = config::ByProfile::on;
  server.restart_with(with_activation);
  ASSERT_EQ(djoser.register_stock("thief", email()).status, 201);
  ASSERT_EQ(djoser.activate(parts_of(mailbox.wait_for_links(email(), "/auth/activate/").front())).status, 204);
  const Held held = hold("thief");

  EXPECT_EQ(username_by(provider(), "vera"), "") << "its password is the thief's";

  recover();
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
}

// 2. Unexpired session: the thief stays signed in while the victim takes the account by the mailbox.

TEST_P(PreHijack, NoSessionOrTokenOutlivesTheRecoveryOfTheVictim) {
  ASSERT_EQ(ways_into("thief", prepare()), every_way());
  const Held held = hold("thief");

  recover();

  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
}

TEST_P(PreHijack, AConnectionThatWasBegunBeforeTheRecoveryIsNotFinishedAfterIt) {
  const Held held = prepare();
  fakes.set_visitor("thief");
  const Answer left = web.post("/accounts/connections/", held.session, {{"connect", provider()}});
  const std::string onward = left.header("Refresh").value();

  recover();
  const Answer back =
      come_back(held.session, left.cookie("propusk_provider").value(), onward.substr(onward.find('=') + 1));

  EXPECT_EQ(back.header("Location").value_or("").find("done=connected"), std::string::npos);
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
}

// 3. Trojan identifier: the thief's own person at the provider is connected besides.

TEST_P(PreHijack, ATrojanIdentityIsDisconnectedByTheRecoveryOfTheVictim) {
  const Held prepared = prepare();
  ASSERT_EQ(connect(prepared.session, "thief").header("Location"), "/accounts/connections/?done=connected");
  std::set<std::string> all = every_way();
  all.insert("identity");
  ASSERT_EQ(ways_into("thief", prepared), all);
  const Held held = hold("thief");

  recover();

  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
}

TEST_P(PreHijack, ATrojanIdentityOpensNothingOfWhoComesByTheProvider) {
  const Held held = prepare();
  ASSERT_EQ(connect(held.session, "thief").header("Location"), "/accounts/connections/?done=connected");

  EXPECT_EQ(username_by(provider(), "vera"), "vera");

  EXPECT_THAT(ways_into("vera", held), IsEmpty());
  EXPECT_EQ(username_by(provider(), "thief"), "thief") << "what is left of the thief's account is the thief's";
}

// 4. Unexpired e-mail change: a link that waits makes the account the thief's again.

TEST_P(PreHijack, AnEmailChangeThatWaitsIsNothingAfterTheRecoveryOfTheVictim) {
  const Held held = prepare();
  const std::string link = ask_for_email(held, thiefs_email);
  ASSERT_EQ(web.get(link).status, 200);

  recover();
  EXPECT_NE(envelope.follow(link).status, 303);

  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
}

TEST_P(PreHijack, AnEmailChangeToTheVictimsAddressLosesToTheProvider) {
  const Held held = prepare(thiefs_email);
  const std::string link = ask_for_email(held, email());
  ASSERT_EQ(web.get(link).status, 200);

  EXPECT_EQ(username_by(provider(), "vera"), "vera");
  EXPECT_NE(envelope.follow(link).status, 303) << "the victim finds the old letter";

  EXPECT_THAT(ways_into("vera", held), IsEmpty());
  EXPECT_EQ(server.account("thief").email, thiefs_email);
  EXPECT_EQ(username_by(provider(), "vera"), "vera");
}

TEST_P(PreHijack, AnEmailChangeThatTheVictimConfirmedProvesNoPasswordOfTheThief) {
  std::ignore = prepare(thiefs_email);
  recover(thiefs_email, password);  // the thief's own mailbox: the password is proved, but not to be the victim's
  ASSERT_TRUE(server.account("thief").password_proved);
  const Held held = hold("thief");
  ASSERT_EQ(envelope.follow(ask_for_email(held, email())).status, 303);
  ASSERT_TRUE(server.account("thief").email_verified);

  EXPECT_EQ(username_by(provider(), "vera"), "");

  recover();
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  expect_victim_is_in("thief");
}

TEST_P(PreHijack, AWayBackToTheThiefsAddressLeadsNowhereNearWhoComesByTheProvider) {
  const Held held = prepare(thiefs_email);
  ASSERT_EQ(djoser.patch_me(held.token, {{"email", email()}}).status, 200);
  const std::string way_back = mailbox.wait_for_links(thiefs_email, "/auth/email/undo/").front();

  EXPECT_EQ(username_by(provider(), "vera"), "vera");
  EXPECT_EQ(envelope.follow(way_back).status, 303);

  EXPECT_EQ(server.account("thief").email, thiefs_email);
  EXPECT_THAT(ways_into("vera", held), IsEmpty());
  EXPECT_EQ(username_by(provider(), "vera"), "vera");
}

// 5. Non-verifying identity provider: the thief's person there says to have the victim's address.

class NonVerifyingProvider : public PreHijack {
 protected:
  const std::string& claimed() const { return GetParam().other_email; }
  NonVerifyingProvider() {
    issue(provider(), "liar", {.id = "667", .username = "liar", .email = claimed(), .is_verified = false});
  }
};

TEST_P(NonVerifyingProvider, ItsWordLosesToAProviderThatVouchesForTheAddress) {
  issue("github", "owner", {.id = "502", .username = "owner", .email = claimed()});
  const std::string liar = username_by(provider(), "liar");
  ASSERT_NE(liar, "");
  EXPECT_FALSE(server.account(liar).email_verified);
  EXPECT_EQ(server.account(liar).email, GetParam().tells_unverified_email ? claimed() : "");

  EXPECT_EQ(username_by("github", "owner"), "owner");

  EXPECT_TRUE(server.account("owner").email_verified);
  EXPECT_EQ(server.account("owner").email, claimed());
  EXPECT_EQ(username_by(provider(), "liar"), liar);
  EXPECT_EQ(username_by("github", "owner"), "owner");
}

TEST_P(NonVerifyingProvider, ItsWordLosesToTheRecoveryOfTheVictim) {
  const std::string access = "Bearer " + member(client.convert(provider(), "liar"), "access_token");
  const std::string taken = username_of(access);
  ASSERT_NE(taken, "");
  if (!GetParam().tells_unverified_email) {  // nobody has the address, so there is nothing to recover
    EXPECT_EQ(server.account(taken).email, "");
    return;
  }

  recover(claimed());

  EXPECT_EQ(username_of(access), "");
  EXPECT_NE(username_by(provider(), "liar"), taken) << "the thief's person is somebody new";
  EXPECT_EQ(username_in(client.by_password(claimed(), other_password)), taken);
}

TEST_P(NonVerifyingProvider, ItsWordOpensNoAccountThatHasProvedTheAddress) {
  ASSERT_EQ(envelope.register_person("ann", claimed()).status, 200);
  recover(claimed());
  ASSERT_TRUE(server.account("ann").email_verified);

  const std::string liar = username_by(provider(), "liar");

  EXPECT_NE(liar, "ann");
  EXPECT_EQ(server.account(liar).email, "") << "not even as a hint";
  EXPECT_EQ(username_in(client.by_password(claimed(), other_password)), "ann");
}

TEST_P(NonVerifyingProvider, ItsWordConnectsNothingAndProvesNothingToTheAccountOfTheThief) {
  const Held held = prepare(claimed());

  ASSERT_EQ(connect(held.session, "liar").header("Location"), "/accounts/connections/?done=connected");

  EXPECT_FALSE(server.account("thief").email_verified);
  recover(claimed());
  EXPECT_THAT(ways_into("thief", held), IsEmpty());
  EXPECT_NE(username_by(provider(), "liar"), "thief");
}

auto google_yandex_and_github() {
  return ::testing::Values(PreHijackCase{"google-oauth2", "vera@gmail.com", true, "vera@gmail.com", true},
                           PreHijackCase{"yandex-oauth2", "vera@yandex.ru", true, "vera@mail.test", true},
                           PreHijackCase{"github", "vera@example.org", false, "vera@example.org", false});
}
std::string name_of_case(const ::testing::TestParamInfo<PreHijackCase>& at) {
  return at.param.provider.substr(0, at.param.provider.find('-'));
}
INSTANTIATE_TEST_SUITE_P(Providers, PreHijack, google_yandex_and_github(), name_of_case);
INSTANTIATE_TEST_SUITE_P(Providers, NonVerifyingProvider, google_yandex_and_github(), name_of_case);

}  // namespace
}  // namespace propusk::testing
