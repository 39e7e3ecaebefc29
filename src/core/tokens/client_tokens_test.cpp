// What clients hold: tokens of their own, and what they are told of tokens.
#include "core/tokens/client_tokens.hpp"

#include <gtest/gtest.h>

#include "core/tokens/testing/client_world.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using testing::refusal_of, testing::run;

class ClientTokens : public testing::ClientWorld {
 protected:
  /// The client's own token by this secret, for an hour.
  Result<std::string> issue(const SharedClient& client, const std::string& secret, const std::string& scope = "") {
    return run(issue_client_token(client, scope, {.digest = sha256(secret), .lifetime = 1h}, caller, sessions()));
  }
  std::optional<ClientToken> own(const std::string& secret) {
    return read([secret](const Transaction& t) { return t.grants().find_token(sha256(secret)); });
  }
  std::optional<TokenFacts> told(const std::string& secret, const SharedClient& asking) {
    return run(introspect(sha256(secret), asking, caller, sessions()));
  }
  bool is_told(const std::string& secret, const std::string& asking = "app") {
    return told(secret, known(asking)).has_value();
  }
  Looked look(const std::string& secret) { return look_at_access_token(sha256(secret), sessions()); }

  const Secret<> first{std::string("first-token-ids")};
};

TEST_F(ClientTokens, OfTheClientAloneAreWrittenWithItsScope) {
  EXPECT_EQ(issue(known("app"), "all").value(), "read write");
  EXPECT_EQ(issue(known("app"), "part", "write").value(), "write");
  const auto written = own("part");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->terms, (CredentialTerms{.client = "app", .client_epoch = 1, .scope = "write"}));
  EXPECT_EQ(written->created_at, clock.now());
  EXPECT_EQ(written->expires_at, clock.now() + 1h);
}

TEST_F(ClientTokens, OfTheClientAloneAreForWhoMayAskForThem) {
  EXPECT_EQ(refusal_of(issue(known("app"), "token", "admin")), "scope_refused");
  change_client("other", [](Client& other) { other.kind = ClientKind::open; });
  EXPECT_EQ(refusal_of(issue(known("other"), "token")), "grant_not_allowed") << "nothing would vouch for it";
  change_client("app", [](Client& app) { std::erase(app.grants, ClientGrant::client_credentials); });
  EXPECT_EQ(refusal_of(issue(known("app"), "token")), "grant_not_allowed");
  EXPECT_FALSE(own("token"));
}

TEST_F(ClientTokens, AreNotIssuedToAClientThatHasChangedMeanwhile) {
  const SharedClient before = known("app");
  disable_client("app");
  EXPECT_EQ(refusal_of(issue(before, "token")), "client_unknown") << "disabled";
  change_client("app", [](Client& app) { app.state = ClientState::active; });
  EXPECT_EQ(refusal_of(issue(before, "token")), "client_unknown") << "enabled again, in another epoch";
  EXPECT_EQ(refusal_of(issue(known("app"), "fresh")), "");
  write([](Transaction& t) { t.clients().erase("app"); });
  EXPECT_EQ(refusal_of(issue(before, "token")), "client_unknown") << "gone";
  EXPECT_FALSE(own("token"));
}

TEST_F(ClientTokens, OfTheClientAloneAreLimitedForEachClient) {
  for (int i = 0; i < 12; ++i) EXPECT_EQ(refusal_of(issue(known("app"), std::to_string(i))), "") << i;
  const std::uint64_t before = writes();
  EXPECT_EQ(refusal_of(issue(known("app"), "one too many")), "limited");
  EXPECT_EQ(writes(), before);
  EXPECT_EQ(refusal_of(issue(known("other"), "other's")), "");
}

TEST_F(ClientTokens, AreToldOfToWhomTheyWereGivenAndToWhomTheOperatorSaid) {
  const CredentialTerms terms{.client = "app", .client_epoch = 1, .scope = "read"};
  EXPECT_TRUE(may_introspect(testing::client("app"), terms));
  Client other = testing::client("other");
  EXPECT_FALSE(may_introspect(other, terms));
  other.introspects = true;
  EXPECT_TRUE(may_introspect(other, terms));
}

TEST_F(ClientTokens, OfAPersonAreToldOfWithTheirOwner) {
  open_for("app", "sign-in", first);
  const auto facts = told("access sign-in", known("app"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->terms, (CredentialTerms{.client = "app", .client_epoch = 1, .scope = "read write"}));
  EXPECT_EQ(facts->expires_at, clock.now() + 10h);
  ASSERT_TRUE(facts->owner);
  EXPECT_EQ(facts->owner->id, AccountId{1});
  EXPECT_EQ(facts->owner->username, "name-1");
}

TEST_F(ClientTokens, OfTheClientAloneAreToldOfWithoutAnOwner) {
  ASSERT_TRUE(issue(known("app"), "own", "read"));
  const auto facts = told("own", known("app"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->terms.scope, "read");
  EXPECT_EQ(facts->expires_at, clock.now() + 1h);
  EXPECT_FALSE(facts->owner);
}

TEST_F(ClientTokens, OfAnotherClientAreNotToldOf) {
  open_for("app", "sign-in", first);
  ASSERT_TRUE(issue(known("app"), "own"));
  for (const char* token : {"access sign-in", "own"}) {
    EXPECT_TRUE(is_told(token)) << token;
    EXPECT_FALSE(is_told(token, "other")) << token;
  }
  change_client("other", [](Client& other) { other.introspects = true; });
  for (const char* token : {"access sign-in", "own"}) EXPECT_TRUE(is_told(token, "other")) << token;
}

TEST_F(ClientTokens, AreToldOfUntilTheyExpire) {
  open_for("app", "sign-in", first);
  ASSERT_TRUE(issue(known("app"), "own"));
  clock.advance(1h - 1us);
  EXPECT_TRUE(is_told("own"));
  clock.advance(1us);
  EXPECT_FALSE(is_told("own"));
  clock.advance(9h - 1us);
  EXPECT_TRUE(is_told("access sign-in"));
  clock.advance(1us);
  EXPECT_FALSE(is_told("access sign-in"));
}

TEST_F(ClientTokens, ThatAreNoAccessTokensAreNotToldOf) {
  change_client("app", [](Client& app) { app.introspects = true; });
  open_for("app", "sign-in", first);
  for (const CredentialKindRow& row : credential_kinds)
    if (row.kind != CredentialKind::oauth_access) {
      open(std::string(row.name), row.kind);
      EXPECT_FALSE(is_told(std::string(row.name))) << row.name;
    }
  EXPECT_FALSE(is_told("sign-in")) << "a refresh token opens nothing";
  EXPECT_FALSE(is_told("never issued"));
}

TEST_F(ClientTokens, AreNotToldOfWhenTheirClientHasEnded) {
  open_for("app", "sign-in", first);
  ASSERT_TRUE(issue(known("app"), "own"));
  change_client("other", [](Client& other) { other.introspects = true; });
  disable_client("app", true);
  for (const char* token : {"access sign-in", "own"}) {
    EXPECT_FALSE(is_told(token)) << token;
    EXPECT_FALSE(is_told(token, "other")) << token;
  }
}

TEST_F(ClientTokens, AreNotToldOfWhenTheirOwnerHasEnded) {
  open_for("app", "of Ann", first);
  open_for("app", "of Bob", first, 2);
  disable_account(1);
  end_everything(2);
  EXPECT_FALSE(is_told("access of Ann"));
  EXPECT_FALSE(is_told("access of Bob"));
}

TEST_F(ClientTokens, AreLookedAtInMemoryOnceTheirOwnersCardIsThere) {
  open_for("app", "sign-in", first);
  EXPECT_FALSE(look("access sign-in").known) << "nobody has asked for the card yet";
  ASSERT_TRUE(is_told("access sign-in"));

  const Looked looked = look("access sign-in");
  EXPECT_TRUE(looked.known);
  ASSERT_TRUE(looked.terms && looked.owner);
  EXPECT_EQ(looked.terms->client, "app");
  EXPECT_EQ(looked.terms->scope, "read write");
  EXPECT_EQ(looked.expires_at, clock.now() + 10h);
  EXPECT_EQ(looked.owner->id, AccountId{1});
}

TEST_F(ClientTokens, ThatMemoryHasNotAreNotSaidToBeDead) {
  ASSERT_TRUE(issue(known("app"), "own"));
  for (const char* token : {"own", "never issued"}) {
    EXPECT_FALSE(look(token).known) << token;
    EXPECT_FALSE(look(token).terms) << token;
  }
}

TEST_F(ClientTokens, ThatAreNotLiveAreKnownToBeDead) {
  open_for("app", "sign-in", first);
  ASSERT_TRUE(is_told("access sign-in"));
  const auto is_dead = [this](const char* token) {
    const Looked looked = look(token);
    return looked.known ? !looked.terms : !is_told(token);  // a node that is in doubt asks the store
  };
  EXPECT_TRUE(is_dead("sign-in")) << "no access token";
  EXPECT_FALSE(is_dead("access sign-in"));
  disable_client("app", true);
  EXPECT_TRUE(is_dead("access sign-in")) << "of another epoch of the client";
  open_for("app", "second", first);
  ASSERT_TRUE(is_told("access second"));
  clock.advance(10h);
  EXPECT_TRUE(is_dead("access second")) << "expired";
}

}  // namespace
}  // namespace propusk::core
