// Who comes by a provider for the first time: whose names they get, and what becomes of those who only claimed the
// address.
#include "core/social/new_person.hpp"

#include "core/social/testing/social_world.hpp"
#include "core/social/vouched_email.hpp"

namespace propusk::core {
namespace {

using ::testing::MatchesRegex;
using testing::run;
using testing::vera;

class MakingPersons : public testing::SocialWorld {
 protected:
  Result<Account> make(const ProviderIdentity& identity, std::optional<Language> language = {}) {
    const NewPerson drawn = draw_new_person(language, clock.now(), random);
    return run(store->write([=](Transaction& t) { return make_person(t, identity, drawn); }, Deadline::max()));
  }
  Account made(const ProviderIdentity& identity) { return make(identity).value(); }
  static std::optional<Refusal> why(const Result<Account>& result) {
    return result ? std::nullopt : std::optional(result.error().why);
  }
  /// Vera with another username that the provider suggests, and no address.
  static ProviderIdentity called(std::string username) {
    ProviderIdentity identity = vera();
    identity.username = std::move(username);
    identity.email = "";
    return identity;
  }
};

TEST_F(MakingPersons, AnAccountIsActiveHasNoPasswordAndWhatTheProviderTold) {
  const Account account = make(vera(), Language::ru).value();
  EXPECT_EQ(account.username, "vera");
  EXPECT_EQ(account.email, "vera@gmail.com");
  EXPECT_TRUE(account.email_verified);
  EXPECT_EQ(account.password_hash, "");
  EXPECT_FALSE(account.password_proved);
  EXPECT_EQ(account.state, AccountState::active);
  EXPECT_EQ(account.language, "ru");
  EXPECT_EQ(account.created_at, clock.now());
  EXPECT_EQ(account.fields.at(static_cast<std::size_t>(ProfileField::first_name)), "Vera");
  EXPECT_EQ(account.fields.at(static_cast<std::size_t>(ProfileField::last_name)), "Petrova");
  EXPECT_EQ(made(called("another")).language, "") << "never said";
}

TEST_F(MakingPersons, NobodysNameIsTakenInAnySpelling) {
  have(1, "vera");
  for (const char* suggested : {"vera", "VERA", "Vera", "ｖera", "vera@elsewhere.org"})
    EXPECT_THAT(made(called(suggested)).username, MatchesRegex("(vera|VERA|Vera)_[0-9a-f]{16}")) << suggested;
  EXPECT_EQ(account(AccountId{1}).username, "vera");
}

TEST_F(MakingPersons, WhoIsCalledByNothingUsableGetsAName) {
  for (const char* suggested : {"", "@", "...", "\xff", "\u200b"})
    EXPECT_THAT(made(called(suggested)).username, MatchesRegex("user[0-9a-f]{16}")) << suggested;
}

TEST_F(MakingPersons, ANameThatIsMadeOfTheLongestOneFits) {
  const std::string longest(150, 'v');
  EXPECT_EQ(made(called(longest)).username, longest);
  const std::string second = made(called(longest)).username;
  EXPECT_EQ(second.size(), 150U);
  EXPECT_TRUE(second.starts_with(longest.substr(0, 133) + "_"));
}

TEST_F(MakingPersons, AVerifiedAddressIsNotTakenFromAnybody) {
  have(1, "ann", "vera@gmail.com");
  EXPECT_EQ(why(make(vera())), Refusal::email_taken);
  ProviderIdentity folded = vera();
  folded.email = "VERA@GMAIL.COM";
  EXPECT_EQ(why(make(folded)), Refusal::email_taken);
  EXPECT_TRUE(account(AccountId{1}).email_verified);
  EXPECT_FALSE(read([](const Transaction& t) { return t.accounts().find_by_username("vera").has_value(); }))
      << "a refusal leaves no account";
}

TEST_F(MakingPersons, AClaimLosesToAProof) {
  have(1, "thief", "vera@gmail.com", false);
  const Account account = made(vera());
  EXPECT_TRUE(account.email_verified);
  EXPECT_FALSE(this->account(AccountId{1}).email_claimed);
  EXPECT_FALSE(this->account(AccountId{1}).email_verified);
}

TEST_F(MakingPersons, WhoIsCalledByAnAddressLosesThatNameWithTheClaim) {
  have(1, "vera@gmail.com", "vera@gmail.com", false);
  made(vera());
  EXPECT_EQ(account(AccountId{1}).username, "account 1");
}

TEST_F(MakingPersons, AnAddressThatNobodyVouchesForIsAHintInNobodysWay) {
  ProviderIdentity unproved = vera();
  unproved.email_trust = EmailTrust::none;
  const Account account = made(unproved);
  EXPECT_EQ(account.email, "vera@gmail.com");
  EXPECT_FALSE(account.email_verified);
  EXPECT_FALSE(account.email_claimed);
  EXPECT_TRUE(made(vera()).email_verified) << "its owner comes";
}

TEST_F(MakingPersons, AHintIsNotGivenOfAnAddressThatSomebodyHas) {
  ProviderIdentity unproved = vera();
  unproved.email_trust = EmailTrust::none;
  have(1, "ann", "vera@gmail.com");
  EXPECT_EQ(made(unproved).email, "");
  have(2, "bob", "bob@x.org", false);
  unproved.email = "bob@x.org";
  EXPECT_EQ(made(unproved).email, "") << "nor of a claimed one";
  EXPECT_TRUE(account(AccountId{2}).email_claimed);
}

TEST_F(MakingPersons, WhatIsNoAddressIsNone) {
  for (const EmailTrust trust : {EmailTrust::none, EmailTrust::authoritative}) {
    ProviderIdentity odd = vera();
    odd.email = "vera at gmail";
    odd.email_trust = trust;
    EXPECT_EQ(made(odd).email, "");
    EXPECT_FALSE(made(odd).email_verified);
  }
}

TEST_F(MakingPersons, NamesAreCutToTheirFields) {
  ProviderIdentity wordy = vera();
  wordy.first_name = std::string(200, 'V') + "\n";
  EXPECT_EQ(made(wordy).fields.at(static_cast<std::size_t>(ProfileField::first_name)), std::string(150, 'V'));
}

class VouchedEmail : public testing::SocialWorld {
 protected:
  std::optional<Refusal> take(AccountId id, const std::string& email) {
    const auto taken = run(store->write(
        [=, now = clock.now()](Transaction& t) { return take_vouched_email(t, id, email, now); }, Deadline::max()));
    return taken ? std::nullopt : std::optional(taken.error().why);
  }
};

TEST_F(VouchedEmail, ReplacesTheAddressThatTheAccountHad) {
  const AccountId ann = have(1, "ann", "old@x.org");
  EXPECT_EQ(take(ann, "New@x.org"), std::nullopt);
  EXPECT_EQ(account(ann).email, "New@x.org");
  EXPECT_TRUE(account(ann).email_verified);
  EXPECT_EQ(take(have(2, "bob"), "old@x.org"), std::nullopt) << "the old one is free";
}

TEST_F(VouchedEmail, IsRefusedWhereAnotherHasVerifiedItAndThenChangesNothing) {
  have(1, "ann", "ann@x.org");
  const AccountId bob = have(2, "bob", "bob@x.org");
  EXPECT_EQ(take(bob, "ANN@x.org"), Refusal::email_taken);
  EXPECT_EQ(account(bob).email, "bob@x.org");
  EXPECT_EQ(account(AccountId{1}).email, "ann@x.org");
}

TEST_F(VouchedEmail, EndsThePasswordsProofOfTheAddressBefore) {
  const AccountId ann = have(1, "ann", "ann@x.org");
  write([ann](Transaction& t) { t.accounts().note_password_proved(ann); });
  EXPECT_EQ(take(ann, "ann@x.org"), std::nullopt);
  EXPECT_TRUE(account(ann).password_proved) << "the same address";
  EXPECT_EQ(take(ann, "vera@gmail.com"), std::nullopt);
  EXPECT_FALSE(account(ann).password_proved);
}

TEST_F(VouchedEmail, CallsBackTheLettersThatWouldActivateOthersThere) {
  write([&](Transaction& t) {
    Mail mail = stores::testing::mail(1);
    mail.kind = MailKind::activation;
    mail.recipient = mail.recipient_key = "ann@x.org";
    t.outbox().insert(mail);
  });
  EXPECT_EQ(take(have(1, "ann"), "ann@x.org"), std::nullopt);
  EXPECT_EQ(read([](const Transaction& t) { return t.outbox().find(MailId{1})->state; }), MailState::cancelled);
}

}  // namespace
}  // namespace propusk::core
