// Opaque tokens of clients behind `Bearer`, on the routes of djoser: what they open, change and end there, whoever gave
// them.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/digest.hpp"
#include "core/sessions/credential_store.hpp"
#include "core/store.hpp"
#include "tests/scenarios/djoser_client.hpp"

namespace propusk::testing {
namespace {
using core::CredentialKind;

constexpr const char* dead_bearer = R"({"detail":"Invalid token header. No credentials provided."})";

class BearerTokens : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(client.register_stock("ann", "ann@example.com").status, 201);
    token = member(client.sign_in("ann"), "auth_token");
    issue(bearer);
  }

  /// Writes an access token into the store, of the person who has `token`.
  void issue(const std::string& text) {
    core::Store& store = server.application().administration().store;
    const Digest like = sha256(token), digest = sha256(text);
    auto written = store.write(
        [like, digest](core::Transaction& transaction) -> core::Result<bool> {
          core::Credential credential = transaction.credentials().find(like).value();
          credential.digest = digest;
          credential.kind = CredentialKind::oauth_access;
          transaction.credentials().insert(credential);
          return true;
        },
        server.as_operator().deadline);
    ASSERT_TRUE(server.application().wait_for(std::move(written)));
  }

  TestServer server{djoser_settings(config::DjoserProfile::stock)};
  DjoserClient client{server};
  std::string token;
  const std::string bearer = std::string(29, 'b') + "1";
  const std::string by_bearer = "Bearer " + bearer;
};

TEST_F(BearerTokens, AreTakenFromMemoryAndFromTheStore) {
  for (const bool is_restarted : {false, true}) {
    if (is_restarted) server.restart();
    for (const std::string& authorization : {by_bearer, "bearer  " + bearer}) {
      const Answer me = client.me(authorization);
      EXPECT_EQ(me.status, 200) << authorization << ' ' << me.body;
      EXPECT_EQ(me.body, client.me("Token " + token).body) << authorization;
    }
  }
}

TEST_F(BearerTokens, ChangeWhatTokensChangeAndStayWhenTheyAsked) {
  EXPECT_EQ(client.patch_me(by_bearer, {{"email", "anna@example.com"}}).status, 200);
  EXPECT_EQ(member(client.me(by_bearer), "email"), "anna@example.com");

  EXPECT_EQ(client.set_password(by_bearer, password, other_password).status, 204);

  EXPECT_TRUE(client.is_live(by_bearer));
  EXPECT_FALSE(client.is_live("Token " + token));
}

TEST_F(BearerTokens, EndAloneWhenTheySignOut) {
  EXPECT_EQ(client.sign_out(by_bearer).status, 204);

  const Answer me = client.me(by_bearer);
  EXPECT_EQ(me.status, 401);
  EXPECT_EQ(me.body, dead_bearer);
  EXPECT_EQ(me.header("WWW-Authenticate"), "Token");
  EXPECT_TRUE(client.is_live("Token " + token));
}

TEST_F(BearerTokens, ThatAreUnknownOrOfAnotherKindAreBadOnes) {
  EXPECT_EQ(client.me("Bearer " + std::string(30, 'x')).body, dead_bearer);
  EXPECT_EQ(client.me("Bearer " + token).body, dead_bearer);
  EXPECT_EQ(client.me("Token " + bearer).body, R"({"detail":"Invalid token."})");
}

TEST_F(BearerTokens, OfADisabledAccountAreToldSo) {
  server.disable_account("ann");
  EXPECT_EQ(client.me(by_bearer).body, R"({"detail":"User inactive or deleted."})");
}

TEST_F(BearerTokens, ExpireWithTheirRow) {
  server.clock().advance(core::row_of(CredentialKind::auth_token).life.lifetime);
  EXPECT_EQ(client.me(by_bearer).body, dead_bearer);
}

}  // namespace
}  // namespace propusk::testing
