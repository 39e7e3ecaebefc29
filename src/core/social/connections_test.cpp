// Connecting and disconnecting: who may, what is told, and that nobody is locked out.
#include "core/social/connections.hpp"

#include "core/sessions/freshness.hpp"
#include "core/social/testing/social_world.hpp"

namespace propusk::core {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::run;
using testing::vera;

class Connections : public testing::SocialWorld {
 protected:
  AccountId ann = have(1, "ann", "ann@example.org");
  Bearer session = sign_in(ann);

  /// Nothing: it was done.
  std::optional<Refusal> connect_to(const ProviderIdentity& identity, const Bearer& by,
                                    std::optional<std::string> secret = {}) {
    IdentityConnection wanted{.bearer = by, .identity = testing::FreeGateway::vouch(identity)};
    if (secret) wanted.password = Secret<>(*secret);
    return why(run(connect_identity(std::move(wanted), caller, deps())));
  }
  std::optional<Refusal> connect_to(const ProviderIdentity& identity) { return connect_to(identity, session); }
  std::optional<Refusal> disconnect(const std::string& provider, const Bearer& by,
                                    std::optional<std::string> subject = {}) {
    return why(
        run(disconnect_identity({.bearer = by, .provider = provider, .subject = std::move(subject)}, caller, deps())));
  }
  static std::optional<Refusal> why(const Result<void>& result) {
    return result ? std::nullopt : std::optional(result.error().why);
  }
};

TEST_F(Connections, AConnectionIsWrittenDownAndItsOwnerTold) {
  EXPECT_EQ(connect_to(vera()), std::nullopt);
  const auto made = link("google-oauth2", "1000");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->account, ann);
  EXPECT_EQ(made->display, "Vera Petrova");
  EXPECT_EQ(made->mailbox, "vera@gmail.com");
  EXPECT_EQ(made->created_at, clock.now());
  EXPECT_FALSE(made->is_imported);
  EXPECT_EQ(made->used_at, std::nullopt) << "nobody has signed in by it";
  EXPECT_THAT(actions(ann), ElementsAre("identity_connected"));
  EXPECT_THAT(told(MailKind::identity_connected), ElementsAre("ann@example.org"));
  EXPECT_EQ(outcomes.connections.granted(), 1U);
}

TEST_F(Connections, ConnectingTwiceIsFineAndTellsNobodyAgain) {
  ASSERT_EQ(connect_to(vera()), std::nullopt);
  ProviderIdentity renamed = vera();
  renamed.last_name = "Ivanova";
  EXPECT_EQ(connect_to(renamed), std::nullopt);
  EXPECT_EQ(link("google-oauth2", "1000")->display, "Vera Ivanova");
  EXPECT_THAT(actions(ann), ElementsAre("identity_connected"));
  EXPECT_EQ(told(MailKind::identity_connected).size(), 1U);
}

TEST_F(Connections, ASignInCountsForTenMinutesAndThenThePasswordDoes) {
  clock.advance(freshness);
  EXPECT_EQ(connect_to(vera()), std::nullopt);
  clock.advance(1us);
  EXPECT_EQ(connect_to(vera()), Refusal::not_fresh);
  EXPECT_EQ(disconnect("google-oauth2", session), Refusal::not_fresh);
  EXPECT_EQ(connect_to(vera(), session, "wrong"), Refusal::bad_credentials);
  EXPECT_EQ(connect_to(vera(), session, password), std::nullopt);
}

TEST_F(Connections, AWrongPasswordIsRefusedHoweverFreshTheSignIn) {
  EXPECT_EQ(connect_to(vera(), session, "wrong"), Refusal::bad_credentials);
  EXPECT_EQ(connect_to(vera(), session, ""), Refusal::bad_credentials);
  EXPECT_THAT(links(ann), IsEmpty());
  EXPECT_EQ(outcomes.connections.refused(Refusal::bad_credentials), 2U);
}

TEST_F(Connections, AnAccessTokenIsNoSignIn) {
  EXPECT_EQ(connect_to(vera(), sign_in(ann, CredentialKind::oauth_access)), Refusal::not_fresh);
}

TEST_F(Connections, WhatAnAppOfOthersGotIsNoSignInHoweverFresh) {
  for (const bool is_own : {false, true}) {
    Client app;
    app.id = app.name = is_own ? "own" : "theirs";
    app.kind = ClientKind::confidential;
    app.grants = {ClientGrant::authorization_code};
    app.skips_consent = is_own;
    const Bearer by{.account = ann, .credential = sha256(app.id), .kind = CredentialKind::oauth_refresh};
    Credential made = stores::testing::credential(app.id, 1);
    made.digest = by.credential;
    made.kind = by.kind;
    made.account = ann;
    made.created_at = made.seen_at = clock.now();
    made.expires_at = clock.now() + std::chrono::hours{24};
    made.terms = CredentialTerms{.client = app.id, .client_epoch = app.epoch, .scope = "read write"};
    write([app, made](Transaction& t) {
      t.clients().insert(app);
      t.credentials().insert(made);
    });
    EXPECT_EQ(connect_to(vera(), by), is_own ? std::nullopt : std::optional(Refusal::not_fresh)) << app.id;
  }
}

TEST_F(Connections, ACredentialIsItsOwnAccounts) {
  const AccountId bob = have(2, "bob");
  Bearer mixed = sign_in(bob);
  mixed.account = ann;
  EXPECT_EQ(connect_to(vera(), mixed), Refusal::not_signed_in);
  EXPECT_EQ(connect_to(vera(), {.account = ann, .credential = sha256("nobody's"), .kind = session.kind}),
            Refusal::not_signed_in);
  EXPECT_FALSE(link("google-oauth2", "1000"));
}

TEST_F(Connections, ADisabledOwnerConnectsNobodyNorOneWhoHasSignedOut) {
  write([this](Transaction& t) { t.accounts().set_state(ann, AccountState::disabled); });
  EXPECT_EQ(connect_to(vera()), Refusal::account_disabled);
  write([this](Transaction& t) {
    t.accounts().set_state(ann, AccountState::active);
    t.accounts().end_everything(ann);
  });
  EXPECT_EQ(connect_to(vera()), Refusal::not_signed_in);
}

TEST_F(Connections, APersonIsOneAccountsAndStaysIt) {
  const AccountId bob = have(2, "bob", "bob@example.org");
  ASSERT_EQ(connect_to(vera()), std::nullopt);
  EXPECT_EQ(connect_to(vera(), sign_in(bob)), Refusal::identity_taken);
  EXPECT_EQ(link("google-oauth2", "1000")->account, ann);
  EXPECT_THAT(told(MailKind::identity_connected), Not(Contains("bob@example.org")));
}

TEST_F(Connections, AnAccountHasTwentyAtMost) {
  for (std::size_t i = 1; i < social_links_per_account; ++i) connect(ann, "github", std::to_string(i));
  EXPECT_EQ(connect_to(vera()), std::nullopt) << "the twentieth";
  ProviderIdentity one_more = vera();
  one_more.subject = "1001";
  EXPECT_EQ(connect_to(one_more), Refusal::identity_taken);
  EXPECT_EQ(connect_to(vera()), std::nullopt) << "one that is there is no more";
}

TEST_F(Connections, WhatCannotBeAKeyIsRefused) {
  ProviderIdentity odd = vera();
  for (const std::string& subject : {std::string(), std::string(256, 's'), std::string("a\0b", 3)}) {
    odd.subject = subject;
    EXPECT_EQ(connect_to(odd), Refusal::provider_refused);
  }
}

TEST_F(Connections, AnImportedRowOfOnesOwnGetsTheTrueSubjectAndOneOfAnotherIsInTheWay) {
  const AccountId bob = have(2, "bob");
  ProviderIdentity once = vera();
  once.imported_subject = once.email;
  connect(bob, "google-oauth2", "vera@gmail.com", "", true);
  EXPECT_EQ(connect_to(once), Refusal::identity_taken);
  EXPECT_EQ(connect_to(once, sign_in(bob)), std::nullopt);
  EXPECT_THAT(links(bob), ElementsAre("google-oauth2:1000"));
  EXPECT_FALSE(link("google-oauth2", "1000")->is_imported);
}

TEST_F(Connections, TheAccountsOwnAddressIsVerifiedByTheProvidersWordAndNoOther) {
  const AccountId claims = have(2, "claims", "vera@gmail.com", false);
  ProviderIdentity unproved = vera();
  unproved.email_trust = EmailTrust::none;
  EXPECT_EQ(connect_to(unproved, sign_in(claims)), std::nullopt);
  EXPECT_FALSE(account(claims).email_verified) << "nobody vouches";

  ASSERT_EQ(disconnect("google-oauth2", sign_in(claims)), std::nullopt);
  EXPECT_EQ(connect_to(vera(), sign_in(claims)), std::nullopt);
  EXPECT_TRUE(account(claims).email_verified);
  EXPECT_THAT(actions(claims), Contains("email_verified"));

  ProviderIdentity other = vera();
  other.subject = "1001";
  other.email = "other@gmail.com";
  EXPECT_EQ(connect_to(other), std::nullopt);
  EXPECT_EQ(account(ann).email, "ann@example.org") << "a connection brings no other address";
}

TEST_F(Connections, AnotherAddressOfTheProviderProvesNothingOfTheAccountsOwn) {
  const AccountId thief = have(2, "thief", "victim@example.org", false);
  EXPECT_EQ(connect_to(vera(), sign_in(thief)), std::nullopt);
  EXPECT_FALSE(account(thief).email_verified);
  EXPECT_EQ(account(thief).email, "victim@example.org");
}

TEST_F(Connections, ConnectingGoesOnWhereAnotherHasVerifiedTheAddress) {
  // Typed, neither claimed nor verified: somebody else's proof stands.
  have(2, "owner", "vera@gmail.com");
  const AccountId typed = have(3, "typed");
  write([=](Transaction& t) {
    std::ignore = t.accounts().set_email(typed, "vera@gmail.com", email_key("vera@gmail.com"), false);
  });
  EXPECT_EQ(connect_to(vera(), sign_in(typed)), std::nullopt);
  EXPECT_FALSE(account(typed).email_verified);
  EXPECT_TRUE(account(AccountId{2}).email_verified);
}

TEST_F(Connections, ChangesAreRationedByAccount) {
  int done = 0;
  while (done < 1'000 && connect_to(vera()) != Refusal::limited) ++done;
  EXPECT_EQ(done, 60);
  EXPECT_EQ(disconnect("google-oauth2", session), Refusal::limited);
  EXPECT_NE(connect_to(vera(), sign_in(have(2, "bob"))), Refusal::limited);
}

TEST_F(Connections, TheOwnerSeesNoImportedRows) {
  connect(ann, "github", "1");
  connect(ann, "google-oauth2", "ann@gmail.com", "", true);
  const std::vector<SocialLink> seen = run(list_identities(ann, caller, deps()));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].provider, "github");
}

TEST_F(Connections, ADisconnectionIsToldAndWrittenDown) {
  connect(ann, "github", "1");
  connect(ann, "github", "2");
  connect(ann, "google-oauth2", "1");
  EXPECT_EQ(disconnect("github", session, "2"), std::nullopt);
  EXPECT_THAT(links(ann), ElementsAre("github:1", "google-oauth2:1"));
  EXPECT_EQ(disconnect("google-oauth2", session), std::nullopt);
  EXPECT_THAT(links(ann), ElementsAre("github:1"));
  EXPECT_THAT(actions(ann), ElementsAre("identity_disconnected", "identity_disconnected"));
  EXPECT_THAT(told(MailKind::identity_disconnected), Contains("ann@example.org"));
  EXPECT_EQ(outcomes.disconnections.granted(), 2U);
}

TEST_F(Connections, NobodyDisconnectsWhatIsNotTheirs) {
  connect(have(2, "bob"), "github", "1");
  EXPECT_EQ(disconnect("github", session), Refusal::identity_unknown);
  EXPECT_EQ(disconnect("github", session, "1"), Refusal::identity_unknown);
  EXPECT_TRUE(link("github", "1"));
}

TEST_F(Connections, TheLastWayInStays) {
  connect(ann, "github", "1");
  connect(ann, "google-oauth2", "ann@gmail.com", "", true);
  take_password(ann);
  EXPECT_EQ(disconnect("github", session), Refusal::last_way_in) << "an imported row lets nobody in";
  EXPECT_THAT(told(MailKind::identity_disconnected), IsEmpty());
  connect(ann, "vk-oauth2", "1");
  EXPECT_EQ(disconnect("github", session), std::nullopt);
  EXPECT_EQ(disconnect("vk-oauth2", session), Refusal::last_way_in);
  EXPECT_EQ(outcomes.disconnections.refused(Refusal::last_way_in), 2U);
}

}  // namespace
}  // namespace propusk::core
