// What the tokens of registered clients promise: who gets them, what they open and for how long, how they are
// refreshed, what ends them, and what others are told of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/admin/client_administration.hpp"
#include "tests/scenarios/oauth_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* invalid_client = R"({"error":"invalid_client"})";
constexpr const char* invalid_grant = R"({"error":"invalid_grant"})";
constexpr const char* inactive = R"({"active":false})";

class OauthTokens : public ::testing::Test {
 protected:
  OauthTokens() {
    EXPECT_EQ(people.register_stock("ann", "ann@example.com").status, 201);
    EXPECT_EQ(people.register_stock("bob", "bob@example.com").status, 201);
  }

  [[nodiscard]] bool is_live(const std::string& access) const { return people.is_live("Bearer " + access); }
  /// The tokens after a refresh that must succeed.
  [[nodiscard]] OauthPair next(const OauthPair& pair) const { return OauthClient::pair_in(app.refresh(pair.refresh)); }

  TestServer server{oauth_settings()};
  DjoserClient people{server};
  OauthClient app{server, "app"}, other{server, "other"};
};

/// A form of a client that shows this id and this secret.
Answer post_as(const TestServer& server, const std::string& id, const std::string& secret, const std::string& path,
               Fields fields) {
  fields.emplace_back("client_id", id);
  fields.emplace_back("client_secret", secret);
  return post_form(server.port(), "/auth" + path, fields);
}
std::string basic(const std::string& id, const std::string& secret) {
  const std::string pair = id + ":" + secret;
  std::string text = to_base64url(std::as_bytes(std::span(pair)));
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return "Basic " + text;
}
/// One of the verbs by which operators change clients.
template <class Verb>
void change_client(TestServer& server, const std::string& id, Verb verb) {
  ASSERT_TRUE(server.application().wait_for(verb(id, server.as_operator(), server.application().administration())));
}

TEST_F(OauthTokens, LookAsRecorded) {
  const Answer answer = app.by_password("ann");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(std::regex_match(
      answer.body, std::regex(R"(\{"access_token":"[0-9A-Za-z]{30}","expires_in":36000,)"
                              R"("token_type":"Bearer","scope":"read write","refresh_token":"[0-9A-Za-z]{30}"\})")))
      << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST_F(OauthTokens, OpenWhatTokensOpenForTenHours) {
  const OauthPair pair = app.pair_of("ann");
  EXPECT_TRUE(is_live(pair.access));
  server.clock().advance(36'000s - 1us);
  EXPECT_TRUE(is_live(pair.access));
  server.clock().advance(1us);
  EXPECT_FALSE(is_live(pair.access));
  EXPECT_EQ(people.me("Bearer " + pair.refresh).status, 401) << "a refresh token opens nothing";
}

TEST_F(OauthTokens, OfAClientThatIsNoneAreNoOnes) {
  const struct {
    const char *id, *secret;
  } strangers[] = {{"unknown", client_secret}, {"app", "wrong-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}, {"app", ""}, {"", ""}};
  for (const auto& [id, secret] : strangers) {
    const Answer answer = post_as(server, id, secret, "/token",
                                  {{"grant_type", "password"}, {"username", "ann"}, {"password", password}});
    EXPECT_EQ(answer.status, 401) << id << ' ' << secret;
    EXPECT_EQ(answer.body, invalid_client) << id << ' ' << secret;
    EXPECT_FALSE(answer.header("WWW-Authenticate")) << "no header was used";
  }
  EXPECT_EQ(live_tokens(server, "ann"), 0U);
}

TEST_F(OauthTokens, AreForClientsInTheHeaderToo) {
  const Fields fields{{"grant_type", "client_credentials"}};
  const auto as = [&](const Fields& form, const std::string& authorization) {
    return post_form(server.port(), "/auth/token/", form, {{"Authorization", authorization}});
  };
  EXPECT_EQ(as(fields, basic("app", client_secret)).status, 200);
  const Answer wrong = as(fields, basic("app", "wrong-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.header("WWW-Authenticate"), "Basic realm=\"oauth\"");
  const Answer both = as({{"grant_type", "client_credentials"}, {"client_id", "other"}}, basic("app", client_secret));
  EXPECT_EQ(both.body, invalid_client) << "the form names another client";
}

TEST_F(OauthTokens, AreOnlyForWhatTheClientMayAskFor) {
  core::NewClient narrow = album("narrow");
  narrow.grants = {core::ClientGrant::client_credentials};
  narrow.scopes = {"read"};
  const OauthClient client(server, narrow);
  const std::string not_allowed = R"({"error":"unauthorized_client"})";
  EXPECT_EQ(client.by_password("ann").body, not_allowed);
  EXPECT_EQ(client.refresh(app.pair_of("ann").refresh).body, not_allowed);
  EXPECT_EQ(client.post("/token", {{"grant_type", "client_credentials"}, {"scope", "write"}}).body,
            R"({"error":"invalid_scope"})");
  EXPECT_EQ(member(client.post("/token", {{"grant_type", "client_credentials"}}), "scope"), "read");
  EXPECT_EQ(client.post("/token", {{"grant_type", "convert_token"}}).body, R"({"error":"unsupported_grant_type"})");
}

TEST_F(OauthTokens, ByPasswordAreOffUnlessAnOperatorSaysSo) {
  config::Settings settings = oauth_settings();
  settings.oauth.password_grant = config::Settings{}.oauth.password_grant;
  server.restart_with(settings);
  EXPECT_EQ(app.by_password("ann").body, R"({"error":"unsupported_grant_type"})");
}

TEST_F(OauthTokens, WithAWrongPasswordAreRefusedAsRecorded) {
  const Answer answer = app.by_password("ann", "wrong-password");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"error":"invalid_grant","error_description":"Invalid credentials given."})");
}

// Reading is GET and what is as harmless; everything else writes.
TEST_F(OauthTokens, GoAsFarAsTheirScope) {
  const auto scoped = [this](const std::string& scope) {
    return "Bearer " +
           member(app.post("/token",
                           {{"grant_type", "password"}, {"username", "ann"}, {"password", password}, {"scope", scope}}),
                  "access_token");
  };
  const std::string read = scoped("read");
  EXPECT_EQ(people.me(read).status, 200);
  EXPECT_EQ(people.send("OPTIONS", "/users/me/", read).status, 200);
  for (const char* method : {"PATCH", "PUT", "DELETE"})
    EXPECT_EQ(people.send(method, "/users/me/", read, "{}").status, 403) << method;
  EXPECT_EQ(people.set_password(read, password, other_password).status, 403);
  EXPECT_EQ(people.sign_out(read).status, 403);
  EXPECT_EQ(people.me(read).status, 200);

  const std::string write = scoped("write");
  EXPECT_EQ(people.me(write).status, 403) << "from memory";
  server.restart();
  EXPECT_EQ(people.me(write).status, 403) << "from the store";
  EXPECT_EQ(people.patch_me(write, {{"email", "anna@example.com"}}).status, 200);
  EXPECT_EQ(people.me(read).status, 200);
}

TEST_F(OauthTokens, AreRefreshedAndTheOldOnesEnd) {
  const OauthPair first = app.pair_of("ann"), second = next(first);
  EXPECT_TRUE(is_live(second.access));
  EXPECT_FALSE(is_live(first.access));
  EXPECT_NE(second.refresh, first.refresh);
  const OauthPair third = next(second);
  EXPECT_TRUE(is_live(third.access));
  EXPECT_FALSE(is_live(second.access));
}

TEST_F(OauthTokens, OfASignInWhoseUsedTokenComesAgainEndTogether) {
  const OauthPair first = app.pair_of("ann"), second = next(first), third = next(second),
                  elsewhere = app.pair_of("ann");

  EXPECT_EQ(app.refresh(first.refresh).body, invalid_grant);

  EXPECT_FALSE(is_live(third.access));
  EXPECT_EQ(app.refresh(third.refresh).body, invalid_grant);
  EXPECT_TRUE(is_live(elsewhere.access));
  const std::vector<core::AuditEvent> events = server.audit("ann");
  EXPECT_EQ(std::ranges::count(events, core::AuditAction::refresh_reused, &core::AuditEvent::action), 1);
}

TEST_F(OauthTokens, OfALostAnswerComeAgain) {
  const OauthPair first = app.pair_of("ann"), lost = next(first), again = next(first);
  EXPECT_EQ(again.refresh, lost.refresh);
  EXPECT_TRUE(is_live(again.access));
  EXPECT_TRUE(is_live(next(again).access)) << "and the chain goes on";
}

TEST_F(OauthTokens, OfOneRefreshFiftyTimesAtOnceAreOfOneChain) {
  const OauthPair first = app.pair_of("ann");
  constexpr std::ptrdiff_t at_once = 50;
  std::vector<Answer> answers(at_once);
  std::barrier start(at_once);
  {
    std::vector<std::jthread> threads;
    for (Answer& answer : answers)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        answer = app.refresh(first.refresh);
      });
  }
  std::set<std::string> successors;
  for (const Answer& answer : answers) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    successors.insert(member(answer, "refresh_token"));
  }
  EXPECT_EQ(successors.size(), 1U);
  EXPECT_EQ(app.refresh(*successors.begin()).status, 200);
}

TEST_F(OauthTokens, AreRefreshedByTheClientThatGotThemAlone) {
  const OauthPair pair = app.pair_of("ann");
  EXPECT_EQ(other.refresh(pair.refresh).body, invalid_grant);
  EXPECT_TRUE(is_live(pair.access)) << "a stranger ends nothing";
  EXPECT_EQ(app.refresh(pair.refresh).status, 200);
}

TEST_F(OauthTokens, AreNotRefreshedByWhatOnlyLooksLikeOne) {
  const OauthPair pair = app.pair_of("ann");
  for (const std::string& text : {pair.access, pair.refresh + "x", pair.refresh.substr(0, 15), std::string(30, 'x'),
                                  people.pair_of("ann").refresh})
    EXPECT_EQ(app.refresh(text).body, invalid_grant) << text;
  EXPECT_TRUE(app.refresh("").body.starts_with(R"({"error":"invalid_request",)")) << "there is none";
  EXPECT_TRUE(is_live(pair.access));
}

TEST_F(OauthTokens, AreNarrowedAndNeverWidened) {
  const auto refresh = [this](const std::string& token, const std::string& scope) {
    return app.post("/token", {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"scope", scope}});
  };
  const Answer narrowed = refresh(app.pair_of("ann").refresh, "read");
  EXPECT_EQ(member(narrowed, "scope"), "read");
  EXPECT_EQ(people.patch_me("Bearer " + member(narrowed, "access_token"), {}).status, 403);
  EXPECT_EQ(refresh(member(narrowed, "refresh_token"), "read admin").body, R"({"error":"invalid_scope"})");
}

TEST_F(OauthTokens, EndWithTheirClientForGood) {
  const OauthPair pair = app.pair_of("ann"), kept = other.pair_of("ann");
  const std::string own = app.own_token();

  change_client(server, "app", core::disable_client);

  EXPECT_FALSE(is_live(pair.access));
  EXPECT_EQ(app.refresh(pair.refresh).body, invalid_client);
  EXPECT_TRUE(is_live(kept.access));
  change_client(server, "app", core::enable_client);
  for (const bool is_restarted : {false, true}) {
    if (is_restarted) server.restart();
    EXPECT_FALSE(is_live(pair.access));
    EXPECT_EQ(app.refresh(pair.refresh).body, invalid_grant);
    EXPECT_FALSE(app.says_live(own));
    EXPECT_FALSE(app.says_live(pair.access));
  }
  EXPECT_TRUE(is_live(app.pair_of("ann").access)) << "but fresh ones are given";
}

TEST_F(OauthTokens, StayWhenOnlyTheSecretChanges) {
  const OauthPair pair = app.pair_of("ann");
  change_client(server, "app", core::rotate_client_secret);
  EXPECT_TRUE(is_live(pair.access));
  EXPECT_EQ(app.refresh(pair.refresh).body, invalid_client) << "the secret before works no more";
}

TEST_F(OauthTokens, EndWithTheAccount) {
  const OauthPair pair = app.pair_of("ann");
  server.disable_account("ann");
  EXPECT_EQ(people.me("Bearer " + pair.access).body, R"({"detail":"User inactive or deleted."})");
  EXPECT_EQ(app.refresh(pair.refresh).status, 400);
  EXPECT_EQ(app.introspect(pair.access).body, inactive);
  server.enable_account("ann");
  EXPECT_FALSE(is_live(pair.access));
  EXPECT_EQ(app.refresh(pair.refresh).body, invalid_grant);
}

// The one that asked stays, with the sign-in under which it was issued.
TEST_F(OauthTokens, OfWhoeverChangesThePasswordStay) {
  const OauthPair pair = app.pair_of("ann"), elsewhere = app.pair_of("ann");
  EXPECT_EQ(people.set_password("Bearer " + pair.access, password, other_password).status, 204);
  EXPECT_TRUE(is_live(pair.access));
  EXPECT_FALSE(is_live(elsewhere.access));
  EXPECT_EQ(app.refresh(pair.refresh).status, 200);
  EXPECT_EQ(app.refresh(elsewhere.refresh).body, invalid_grant);
}

TEST_F(OauthTokens, AreRevokedAsRecordedAndByRfc7009) {
  const auto by_the_book = [this](const std::string& token) { return app.post("/revoke", {{"token", token}}); };
  const OauthPair first = app.pair_of("ann"), second = app.pair_of("ann");
  EXPECT_EQ(app.revoke(first.access).status, 204);
  EXPECT_FALSE(is_live(first.access));
  EXPECT_EQ(app.refresh(first.refresh).status, 200) << "an access token ends alone";
  EXPECT_EQ(by_the_book(second.refresh).status, 200);
  EXPECT_FALSE(is_live(second.access)) << "a refresh token ends with what came under it";
  EXPECT_EQ(app.refresh(second.refresh).body, invalid_grant);
  EXPECT_EQ(by_the_book(second.refresh).status, 200) << "what is dead is no error";
  EXPECT_EQ(app.post("/revoke", {}).body, R"({"error":"invalid_request"})");
}

TEST_F(OauthTokens, AreRevokedByTheirClientAlone) {
  const OauthPair pair = app.pair_of("ann");
  EXPECT_EQ(other.revoke(pair.access).status, 204);
  EXPECT_EQ(other.revoke(pair.refresh).status, 204);
  // Half of a refresh token names the sign-in, and is not enough to end it.
  EXPECT_EQ(app.revoke(pair.refresh.substr(0, 15) + std::string(15, 'x')).status, 204);
  EXPECT_TRUE(is_live(pair.access));
  EXPECT_EQ(app.refresh(pair.refresh).status, 200);
}

TEST_F(OauthTokens, AreInvalidatedOfOneKindAndOneClient) {
  const OauthPair pair = app.pair_of("ann"), kept = other.pair_of("ann"), of_bob = app.pair_of("bob");
  const auto invalidate = [&](const std::string& what) {
    return people.post("/invalidate-" + what + "/", {{"client_id", "app"}}, "Bearer " + kept.access).status;
  };
  EXPECT_EQ(invalidate("sessions"), 204);
  EXPECT_FALSE(is_live(pair.access));
  const OauthPair fresh = next(pair);
  EXPECT_TRUE(is_live(fresh.access)) << "refresh tokens are of another kind";

  EXPECT_EQ(invalidate("refresh-tokens"), 204);
  EXPECT_EQ(app.refresh(fresh.refresh).body, invalid_grant);
  EXPECT_TRUE(is_live(fresh.access)) << "access tokens are of another kind";
  EXPECT_EQ(invalidate("sessions"), 204);
  EXPECT_FALSE(is_live(fresh.access));

  EXPECT_TRUE(is_live(kept.access));
  EXPECT_TRUE(is_live(of_bob.access));
  EXPECT_EQ(other.refresh(kept.refresh).status, 200);
  EXPECT_EQ(app.refresh(of_bob.refresh).status, 200);
}

TEST_F(OauthTokens, AreToldOfAsRfc7662HasIt) {
  const OauthPair pair = app.pair_of("ann");
  const std::string id = member(people.me("Bearer " + pair.access), "id");
  const auto end = std::chrono::floor<std::chrono::seconds>(server.clock().now() + 36'000s).time_since_epoch().count();
  const std::string expected = R"({"active":true,"client_id":"app","username":"ann","sub":")" + id +
                               R"(","scope":"read write","token_type":"Bearer","exp":)" + std::to_string(end) + "}";
  EXPECT_EQ(app.introspect(pair.access).body, expected) << "from memory";
  EXPECT_EQ(post_form(server.port(), "/auth/introspect/", {{"token", pair.access}},
                      {{"Authorization", basic("app", client_secret)}})
                .body,
            expected);
  server.restart();
  EXPECT_EQ(app.introspect(pair.access).body, expected) << "from the store";
  EXPECT_EQ(app.introspect(pair.access).header("Cache-Control"), "no-store");
}

TEST_F(OauthTokens, ThatAreNotLiveOrNotOnesBusinessAllLookTheSame) {
  core::NewClient wanted = album("resources");
  wanted.introspects = true;
  const OauthClient resource_server(server, wanted);
  const OauthPair pair = app.pair_of("ann");
  const std::string own = app.own_token(), token = member(people.sign_in("ann"), "auth_token");
  for (const bool is_restarted : {false, true}) {
    if (is_restarted) server.restart();
    EXPECT_TRUE(resource_server.says_live(pair.access));
    EXPECT_TRUE(resource_server.says_live(own));
    for (const std::string& text : {pair.refresh, token, std::string(30, 'x'), std::string()})
      EXPECT_EQ(resource_server.introspect(text).body, inactive) << text;
    EXPECT_EQ(other.introspect(pair.access).body, inactive) << "another client's";
    EXPECT_EQ(other.introspect(own).body, inactive) << "another client's";
  }
  EXPECT_EQ(app.revoke(pair.access).status, 204);
  EXPECT_EQ(resource_server.introspect(pair.access).body, inactive) << "revoked";
  server.clock().advance(36'000s);
  EXPECT_EQ(resource_server.introspect(own).body, inactive) << "expired";
}

TEST_F(OauthTokens, AreNotToldOfToPublicClients) {
  core::NewClient open = album("open");
  open.kind = core::ClientKind::open;
  open.grants = {core::ClientGrant::authorization_code, core::ClientGrant::refresh_token};
  server.create_client(open);
  const std::string access = app.pair_of("ann").access;
  for (const char* secret : {"", client_secret})
    EXPECT_EQ(post_as(server, "open", secret, "/introspect", {{"token", access}}).body, invalid_client);
}

TEST_F(OauthTokens, AreForPagesOfTheClientsOrigins) {
  core::NewClient page = album("page");
  page.origins = {"https://page.example"};
  server.create_client(page);
  const auto allowed = [this](const std::string& origin) {
    return ask(server.port(), "OPTIONS", "/auth/token/",
               {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}})
        .header("Access-Control-Allow-Origin");
  };
  // On a shared store they are read again in the background after each change.
  const auto comes_to = [&](const std::optional<std::string>& wanted) {
    const Deadline until = server.clock().monotonic() + 5s;
    while (allowed("https://page.example") != wanted && server.clock().monotonic() < until) std::this_thread::yield();
    return allowed("https://page.example") == wanted;
  };
  EXPECT_TRUE(comes_to("https://page.example"));
  EXPECT_EQ(allowed("https://other.example"), std::nullopt);
  change_client(server, "page", core::disable_client);
  EXPECT_TRUE(comes_to(std::nullopt));
}

TEST_F(OauthTokens, HaveTheirServerDescribed) {
  const Answer answer = ask(server.port(), "GET", "/.well-known/oauth-authorization-server");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  const std::string issuer = member(answer, "issuer");
  EXPECT_EQ(member(answer, "token_endpoint"), issuer + "/auth/token/");
  EXPECT_EQ(member(answer, "revocation_endpoint"), issuer + "/auth/revoke/");
  EXPECT_EQ(member(answer, "introspection_endpoint"), issuer + "/auth/introspect/");
  EXPECT_EQ(member(answer, "code_challenge_methods_supported"), R"(["S256"])");
  EXPECT_TRUE(member(answer, "grant_types_supported").contains("\"password\""));
}

}  // namespace
}  // namespace propusk::testing
