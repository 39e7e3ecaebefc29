// The end of what clients got: given back by them, ended by their owner, or gone with a consent.
#include <gtest/gtest.h>

#include "core/tokens/client_tokens.hpp"
#include "core/tokens/testing/client_world.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using testing::refusal_of, testing::run;

class ClientEndings : public testing::ClientWorld {
 protected:
  void SetUp() override {
    ClientWorld::SetUp();
    open_for("app", "one", first);
    open_for("app", "two", first);
    open_for("other", "other's", first);
    open_for("app", "Bob's", first, 2);
  }
  /// Gives back what might be this access token, or the refresh token of this sign-in with this half.
  void revoke(const std::string& by, const std::string& access, const std::string& sign_in = "",
              const Secret<>& half = Secret<>()) {
    RevocationPresented presented{.client = known(by), .access = sha256(access), .refresh = {}};
    if (!sign_in.empty()) presented.refresh = RefreshPresented{.credential = sha256(sign_in), .token_id = half};
    EXPECT_EQ(refusal_of(run(revoke_token(presented, caller, sessions()))), "");
  }
  std::string end_tokens(const std::string& client, CredentialKind kind, std::int64_t account = 1) {
    return refusal_of(run(end_tokens_of_client(
        {.account = AccountId{account}, .credential = sha256("page of " + std::to_string(account))}, client, kind,
        caller, sessions())));
  }
  /// Which of all that SetUp() opened is live.
  std::string live_ones() {
    std::string out;
    for (const char* name :
         {"one", "access one", "two", "access two", "other's", "access other's", "Bob's", "access Bob's"})
      if (is_live(name)) out.append(out.empty() ? "" : ", ").append(name);
    return out;
  }
  bool has_own_token() {
    return read([](const Transaction& t) { return t.grants().find_token(sha256("own")).has_value(); });
  }
  void consent(const std::string& client, std::int64_t account = 1) {
    write([client, account, now = clock.now()](Transaction& t) {
      t.grants().put_consent({.account = AccountId{account}, .client = client, .scope = "read", .given_at = now});
    });
    clock.advance(1s);
  }
  bool withdraw(const std::string& client, std::int64_t account = 1) {
    return run(withdraw_consent(AccountId{account}, client, caller, sessions())).value();
  }

  const Secret<> first{std::string("first-token-ids")};
  const std::string everything = "one, access one, two, access two, other's, access other's, Bob's, access Bob's";
};

TEST_F(ClientEndings, OfAnAccessTokenEndItAlone) {
  ASSERT_EQ(live_ones(), everything);
  revoke("app", "access one");
  EXPECT_EQ(live_ones(), "one, two, access two, other's, access other's, Bob's, access Bob's");
  EXPECT_EQ(events(AuditAction::signed_out), 1);
  EXPECT_EQ(events(AuditAction::signed_out, 2), 0);
}

TEST_F(ClientEndings, OfARefreshTokenEndAllThatCameUnderIt) {
  revoke("app", "no access token", "one", first);
  EXPECT_EQ(live_ones(), "two, access two, other's, access other's, Bob's, access Bob's");
  EXPECT_EQ(events(AuditAction::signed_out), 1);
}

TEST_F(ClientEndings, OfTheRefreshTokenBeforeTheLastEndItsSignInToo) {
  write([](Transaction& t) {
    RefreshChain chain = t.credentials().find_chain(sha256("one")).value();
    chain.previous = chain.current;
    chain.current = sha256("second-token-id");
    t.credentials().put_chain(chain);
  });
  revoke("app", "no access token", "one", first);
  EXPECT_FALSE(is_live("one"));
}

TEST_F(ClientEndings, OfATokenNeedBothOfItsHalves) {
  const std::uint64_t before = writes();
  revoke("app", "no access token", "one", Secret<>("guess-of-a-half"));
  revoke("app", "no access token", "one");
  revoke("app", "no access token", "unknown", first);
  EXPECT_EQ(live_ones(), everything);
  EXPECT_EQ(writes(), before);
}

TEST_F(ClientEndings, OfAnothersTokenChangeNothing) {
  ASSERT_TRUE(run(issue_client_token(known("app"), "", {.digest = sha256("own")}, caller, sessions())));
  const std::uint64_t before = writes();
  revoke("other", "access one");
  revoke("other", "no access token", "one", first);
  revoke("other", "own");
  EXPECT_EQ(live_ones(), everything);
  EXPECT_TRUE(has_own_token());
  EXPECT_EQ(writes(), before);
}

TEST_F(ClientEndings, OfWhatIsDeadCostNoWrite) {
  revoke("app", "access one");
  disable_account(2);
  clock.advance(10h);
  const std::uint64_t before = writes();
  for (const char* dead : {"access one", "access two", "access Bob's", "never issued", ""}) revoke("app", dead);
  EXPECT_EQ(writes(), before);
  EXPECT_EQ(events(AuditAction::signed_out), 1);
}

TEST_F(ClientEndings, OfWhatThePersonOpenedAreNotTheClients) {
  for (const CredentialKindRow& row : credential_kinds) {
    const std::string name(row.name);
    open(name, row.kind);
    revoke("app", name, name, first);
    EXPECT_TRUE(find(name)) << name;
  }
}

TEST_F(ClientEndings, OfTheClientsOwnTokenEndIt) {
  ASSERT_TRUE(run(issue_client_token(known("app"), "", {.digest = sha256("own")}, caller, sessions())));
  revoke("app", "own");
  EXPECT_FALSE(has_own_token());
  EXPECT_EQ(live_ones(), everything);
}

TEST_F(ClientEndings, OfOneKindOfOneClientLeaveTheOthers) {
  EXPECT_EQ(end_tokens("app", CredentialKind::oauth_access), "");
  EXPECT_EQ(live_ones(), "one, two, other's, access other's, Bob's, access Bob's");
  EXPECT_EQ(end_tokens("other", CredentialKind::oauth_refresh), "");
  EXPECT_EQ(live_ones(), "one, two, access other's, Bob's, access Bob's");
  EXPECT_EQ(end_tokens("stranger", CredentialKind::oauth_refresh), "");
  EXPECT_EQ(live_ones(), "one, two, access other's, Bob's, access Bob's");
  EXPECT_EQ(events(AuditAction::tokens_ended), 2) << "of the stranger there was nothing";
}

TEST_F(ClientEndings, OfOneKindAreLimitedForEachCredential) {
  for (int i = 0; i < 12; ++i) EXPECT_EQ(end_tokens("stranger", CredentialKind::oauth_access), "") << i;
  EXPECT_EQ(end_tokens("app", CredentialKind::oauth_access), "limited");
  EXPECT_EQ(live_ones(), everything);
  EXPECT_EQ(end_tokens("app", CredentialKind::oauth_access, 2), "");
}

TEST_F(ClientEndings, OfAConsentEndAllThatTheClientGotForThePerson) {
  for (const char* client : {"app", "other"}) consent(client);
  consent("app", 2);

  EXPECT_TRUE(withdraw("app"));

  EXPECT_EQ(live_ones(), "other's, access other's, Bob's, access Bob's");
  const auto left = run(list_consents(AccountId{1}, caller, sessions()));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].client, "other");
  EXPECT_EQ(run(list_consents(AccountId{2}, caller, sessions())).size(), 1U);
  EXPECT_EQ(events(AuditAction::consent_withdrawn), 1);
}

TEST_F(ClientEndings, OfAConsentEndWhatLivesOnWithoutItsSignIn) {
  consent("app");
  ASSERT_EQ(end_tokens("app", CredentialKind::oauth_refresh), "");
  ASSERT_TRUE(is_live("access one"));
  EXPECT_TRUE(withdraw("app"));
  EXPECT_FALSE(is_live("access one"));
}

TEST_F(ClientEndings, OfAConsentThatIsNoneChangeNothing) {
  consent("app", 2);
  for (const char* client : {"app", "other", "stranger", ""}) EXPECT_FALSE(withdraw(client)) << client;
  EXPECT_EQ(live_ones(), everything);
  EXPECT_EQ(events(AuditAction::consent_withdrawn), 0);
}

}  // namespace
}  // namespace propusk::core
