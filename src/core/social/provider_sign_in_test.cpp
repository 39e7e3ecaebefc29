// Signing in by a provider: which account an identity opens, and what never opens one.
#include "core/social/provider_sign_in.hpp"

#include "core/social/testing/social_world.hpp"

namespace propusk::core {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::run;
using testing::vera;

class ProviderSignIn : public testing::SocialWorld {
 protected:
  Result<SignedIn> come(const ProviderIdentity& identity) {
    return run(sign_in_with_provider({.identity = testing::FreeGateway::vouch(identity),
                                      .draft = {.kind = CredentialKind::browser_session, .digest = next_secret()}},
                                     caller, deps()));
  }
  Digest next_secret() { return secret = sha256("secret " + std::to_string(++sign_ins)); }
  bool is_in() { return live.check(secret, clock.now()).standing == Standing::live; }
  /// Nothing: somebody is signed in.
  std::optional<Refusal> why_not(const ProviderIdentity& identity) {
    const Result<SignedIn> result = come(identity);
    EXPECT_EQ(is_in(), result.has_value());
    return result ? std::nullopt : std::optional(result.error().why);
  }
  /// An account on Vera's mailbox that its reader has set the password of.
  AccountId have_proved(std::int64_t id = 1) {
    const AccountId made = have(id, "ann", "vera@gmail.com");
    write([made](Transaction& t) { t.accounts().note_password_proved(made); });
    return made;
  }
  static ProviderIdentity imported() {
    ProviderIdentity identity = vera();
    identity.imported_subject = identity.email;
    return identity;
  }
  Digest secret{};
};

TEST_F(ProviderSignIn, WhoComesForTheFirstTimeGetsAnAccountAndIsIn) {
  const SignedIn signed_in = come(vera()).value();
  EXPECT_TRUE(signed_in.made_account);
  EXPECT_TRUE(is_in());
  EXPECT_EQ(account(signed_in.account).username, "vera");
  EXPECT_THAT(links(signed_in.account), ElementsAre("google-oauth2:1000"));
  EXPECT_THAT(actions(signed_in.account), ElementsAre("account_created", "identity_connected", "signed_in"));
  EXPECT_THAT(told(MailKind::identity_connected), IsEmpty()) << "it is the account's beginning";
  EXPECT_EQ(outcomes.provider_sign_ins.granted(), 1U);
  EXPECT_EQ(outcomes.sign_ins.granted(), 0U) << "passwords are counted apart";
}

TEST_F(ProviderSignIn, WhoComesAgainGetsTheSameAccountWhateverTheAddressIsNow) {
  const AccountId first = come(vera()).value().account;
  clock.advance(1h);
  ProviderIdentity moved = vera();
  moved.email = "petrova@gmail.com";
  const SignedIn again = come(moved).value();
  EXPECT_EQ(again.account, first);
  EXPECT_FALSE(again.made_account);
  EXPECT_EQ(account(first).email, "vera@gmail.com") << "the account's address is its owner's to change";
  EXPECT_EQ(link("google-oauth2", "1000")->mailbox, "petrova@gmail.com");
  EXPECT_EQ(link("google-oauth2", "1000")->used_at, clock.now());
  EXPECT_EQ(link("google-oauth2", "1000")->created_at, clock.now() - 1h);
}

TEST_F(ProviderSignIn, TheSameSubjectAtAnotherProviderIsSomebodyElse) {
  const AccountId first = come(vera()).value().account;
  ProviderIdentity other = vera();
  other.provider = "vk-oauth2";
  other.email = "";
  EXPECT_NE(come(other).value().account, first);
}

TEST_F(ProviderSignIn, NamesFollowTheProviderAndAreNeverEmptied) {
  const AccountId id = come(vera()).value().account;
  ProviderIdentity renamed = vera();
  renamed.first_name = "";
  renamed.last_name = "Ivanova\n";
  ASSERT_TRUE(come(renamed));
  EXPECT_EQ(account(id).fields.at(static_cast<std::size_t>(ProfileField::first_name)), "Vera");
  EXPECT_EQ(account(id).fields.at(static_cast<std::size_t>(ProfileField::last_name)), "Ivanova");
  EXPECT_EQ(account(id).username, "vera");
}

TEST_F(ProviderSignIn, ADisabledOrPendingAccountIsNotOpenedByAConnection) {
  const AccountId id = come(vera()).value().account;
  for (const AccountState state : {AccountState::disabled, AccountState::pending}) {
    write([=](Transaction& t) { t.accounts().set_state(id, state); });
    EXPECT_EQ(why_not(vera()), Refusal::bad_credentials);
  }
  EXPECT_EQ(outcomes.provider_sign_ins.refused(Refusal::bad_credentials), 2U);
  write([=](Transaction& t) { t.accounts().set_state(id, AccountState::active); });
  EXPECT_EQ(why_not(vera()), std::nullopt);
}

TEST_F(ProviderSignIn, WhoseAccountWasDeletedBeginsAnew) {
  const AccountId first = come(vera()).value().account;
  write([first](Transaction& t) { t.accounts().erase(first); });
  EXPECT_TRUE(come(vera()).value().made_account);
}

TEST_F(ProviderSignIn, WhatCannotBeAKeyIsRefused) {
  ProviderIdentity odd = vera();
  for (const std::string& subject : {std::string(), std::string(256, 's'), std::string("a\0b", 3)}) {
    odd.subject = subject;
    EXPECT_EQ(why_not(odd), Refusal::provider_refused);
  }
}

TEST_F(ProviderSignIn, AMailboxConnectsWhereItAloneOpensTheAccount) {
  const AccountId ann = have_proved();
  EXPECT_EQ(come(vera()).value().account, ann);
  EXPECT_TRUE(is_in());
  EXPECT_THAT(actions(ann), Contains("identity_connected"));
  EXPECT_THAT(told(MailKind::identity_connected), ElementsAre("vera@gmail.com"));
  EXPECT_EQ(account(ann).username, "ann");
}

TEST_F(ProviderSignIn, AMailboxConnectsAnAccountThatHasNoPasswordAtAll) {
  const AccountId ann = have(1, "ann", "vera@gmail.com");
  take_password(ann);
  EXPECT_EQ(come(vera()).value().account, ann);
}

TEST_F(ProviderSignIn, APasswordThatNoReaderOfTheMailboxSetStandsInTheWay) {
  const AccountId ann = have(1, "ann", "vera@gmail.com");
  EXPECT_EQ(why_not(vera()), Refusal::email_taken);
  EXPECT_THAT(links(ann), IsEmpty());
  write([ann, now = clock.now()](Transaction& t) {
    t.accounts().note_password_proved(ann);
    t.accounts().set_password(ann, "plain$another", now);
  });
  EXPECT_EQ(why_not(vera()), Refusal::email_taken) << "a later password is proved by nothing";
}

TEST_F(ProviderSignIn, AForeignConnectionStandsInTheWay) {
  const AccountId ann = have_proved();
  connect(ann, "github", "1", "thief@gmail.com");
  EXPECT_EQ(why_not(vera()), Refusal::email_taken);
  write([](Transaction& t) { t.social_links().erase("github", "1"); });
  connect(ann, "yandex-oauth2", "1", "");
  EXPECT_EQ(why_not(vera()), Refusal::email_taken) << "one without a mailbox is anybody's";
  write([](Transaction& t) { t.social_links().erase("yandex-oauth2", "1"); });
  connect(ann, "oidc", "1", "vera@gmail.com");
  EXPECT_EQ(come(vera()).value().account, ann) << "and one to the same mailbox is hers";
}

TEST_F(ProviderSignIn, OnlyTheMailboxOfAnAuthorityConnects) {
  have_proved();
  ProviderIdentity verified = vera();
  verified.email_trust = EmailTrust::verified;
  EXPECT_EQ(why_not(verified), Refusal::email_taken);
  links_by_mailbox = false;
  EXPECT_EQ(why_not(vera()), Refusal::email_taken) << "switched off";
}

TEST_F(ProviderSignIn, AnUnprovedAddressOpensNothing) {
  const AccountId ann = have_proved();
  ProviderIdentity unproved = vera();
  unproved.email_trust = EmailTrust::none;
  EXPECT_NE(come(unproved).value().account, ann);
}

TEST_F(ProviderSignIn, AMailboxThatOnlyLooksTheSameIsAnother) {
  const AccountId ann = have(1, "ann", "ｖera@gmail.com");  // folds to the same key
  take_password(ann);
  EXPECT_EQ(why_not(vera()), Refusal::email_taken);
  EXPECT_THAT(links(ann), IsEmpty());
}

TEST_F(ProviderSignIn, AnAccountThatIsNotActiveIsNotConnected) {
  const AccountId ann = have_proved();
  for (const AccountState state : {AccountState::disabled, AccountState::pending}) {
    write([=](Transaction& t) { t.accounts().set_state(ann, state); });
    EXPECT_EQ(why_not(vera()), Refusal::email_taken);
  }
  EXPECT_THAT(links(ann), IsEmpty());
}

TEST_F(ProviderSignIn, AFullAccountIsNotConnected) {
  const AccountId ann = have_proved();
  for (std::size_t i = 0; i < social_links_per_account; ++i) connect(ann, "oidc", std::to_string(i), "vera@gmail.com");
  EXPECT_EQ(why_not(vera()), Refusal::email_taken);
}

TEST_F(ProviderSignIn, AnImportedRowGetsTheTrueSubjectOnce) {
  const AccountId ann = have(1, "ann");
  connect(ann, "google-oauth2", "vera@gmail.com", "", true);
  EXPECT_EQ(come(imported()).value().account, ann);
  EXPECT_THAT(links(ann), ElementsAre("google-oauth2:1000"));
  EXPECT_FALSE(link("google-oauth2", "1000")->is_imported);
  EXPECT_THAT(actions(ann), Contains("identity_migrated"));
  ProviderIdentity next_reader = imported();  // the address has gone to somebody else there
  next_reader.subject = "2000";
  EXPECT_NE(come(next_reader).value().account, ann);
}

TEST_F(ProviderSignIn, AnImportedRowIsFoundByNothingButAVouchedAddress) {
  const AccountId ann = have(1, "ann");
  connect(ann, "google-oauth2", "vera@gmail.com", "", true);
  ProviderIdentity unproved = imported(), as_subject = vera(), other_key = imported();
  unproved.email_trust = EmailTrust::none;
  as_subject.subject = "vera@gmail.com";  // an issuer that calls its people as it likes
  as_subject.email = "";
  other_key.email = "eve@gmail.com";
  other_key.subject = "3000";
  EXPECT_NE(come(unproved).value().account, ann);
  EXPECT_EQ(why_not(as_subject), Refusal::identity_taken);
  EXPECT_NE(come(other_key).value().account, ann);
  EXPECT_TRUE(link("google-oauth2", "vera@gmail.com")->is_imported);
}

TEST_F(ProviderSignIn, NewPeopleAreRationedAsRegistrationsAreAndOthersByTheirAccount) {
  int made = 0;
  ProviderIdentity person = vera();
  person.email = "";
  do person.subject = std::to_string(++made);
  while (made < 1'000 && come(person));
  EXPECT_EQ(made - 1, 10);
  EXPECT_EQ(why_not(person), Refusal::limited);
  person.subject = "1";
  EXPECT_EQ(why_not(person), std::nullopt) << "who is known comes in all the same";
  int came = 1;
  while (came < 1'000 && come(person)) ++came;
  EXPECT_EQ(came, 60);
}

TEST_F(ProviderSignIn, AFailureOfAProviderIsARefusalThatSaysWhoseItIs) {
  EXPECT_EQ(refusal_of(ProviderFailure::not_offered), Refusal::provider_unknown);
  EXPECT_EQ(refusal_of(ProviderFailure::token_refused), Refusal::provider_refused);
  EXPECT_EQ(refusal_of(ProviderFailure::foreign_token), Refusal::provider_refused) << "whose else it is, is not told";
  EXPECT_EQ(refusal_of(ProviderFailure::access_revoked), Refusal::provider_revoked);
  EXPECT_EQ(refusal_of(ProviderFailure::unreachable), Refusal::provider_failed);
  EXPECT_EQ(refusal_of(ProviderFailure::unintelligible), Refusal::provider_failed);
}

}  // namespace
}  // namespace propusk::core
