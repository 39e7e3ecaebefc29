// What an app that is not the operator's own may do in a person's name, and what it never may: be taken for them.
#include <gtest/gtest.h>

#include <regex>

#include "tests/scenarios/oauth_client.hpp"

namespace propusk::testing {
namespace {
constexpr const char* loopback = "http://127.0.0.1:9000/cb";

class AppsOfOthers : public ::testing::Test {
 protected:
  AppsOfOthers() {
    EXPECT_EQ(people.register_stock("ann", "ann@example.com").status, 201);
    session = browser.session_of("ann");
  }
  static core::NewClient of_others(const std::string& id, core::ClientKind kind, const std::string& uri) {
    core::NewClient wanted = album(id);
    wanted.kind = kind;
    wanted.grants = {core::ClientGrant::authorization_code, core::ClientGrant::refresh_token};
    wanted.redirect_uris = {uri};
    wanted.skips_consent = false;
    return wanted;
  }
  [[nodiscard]] static std::string question(const std::string& id, const std::string& uri) {
    return "/auth/authorize?" + urlencoded({{"response_type", "code"},
                                            {"client_id", id},
                                            {"redirect_uri", uri},
                                            {"state", "a b&c"},
                                            {"code_challenge", to_base64url(sha256(code_verifier).bytes)},
                                            {"code_challenge_method", "S256"}});
  }
  /// The code in an answer; "": none.
  static std::string code_in(const Answer& answer) {
    const std::string location = answer.header("Location").value_or("");
    std::smatch found;
    return std::regex_search(location, found, std::regex("[?&]code=([^&]+)")) ? found[1].str() : "";
  }
  [[nodiscard]] std::string yes(const std::string& id, const std::string& uri) const {
    return code_in(browser.post(question(id, uri), session, {{"decision", "give"}}));
  }
  [[nodiscard]] Answer patch(const std::string& access, const std::string& body) const {
    return ask(server.port(), "PATCH", "/auth/users/me/",
               {{"Authorization", "Bearer " + access}, {"Content-Type", "application/json"}}, body);
  }

  static config::Settings settings() {
    config::Settings all = oauth_settings();
    all.limits.enabled = true;
    all.limits.changes_per_account = {.burst = 10, .refill = std::chrono::hours{1}};
    return all;
  }

  TestServer server{settings()};
  DjoserClient people{server};
  WebClient browser{server};
  std::string session;
};

TEST_F(AppsOfOthers, ChangeTheProfileButNeverTheAddressThatRecoversTheAccount) {
  const OauthClient theirs(server, of_others("theirs", core::ClientKind::confidential, redirect_uri)), own(server);
  const OauthPair pair = OauthClient::pair_in(theirs.exchange(yes("theirs", redirect_uri)));
  ASSERT_TRUE(people.is_live("Bearer " + pair.access));

  EXPECT_EQ(patch(pair.access, R"({"email":"thief@evil.example"})").status, 403);
  EXPECT_EQ(server.account("ann").email, "ann@example.com");
  EXPECT_EQ(patch(own.pair_of("ann").access, R"({"email":"new@example.com"})").status, 200)
      << "the operator's own app is a page of theirs";
}

TEST_F(AppsOfOthers, GetNothingOnceAPersonHasTakenTheirYesBack) {
  const OauthClient theirs(server, of_others("theirs", core::ClientKind::confidential, redirect_uri));
  EXPECT_NE(yes("theirs", redirect_uri), "");
  EXPECT_NE(code_in(browser.get(question("theirs", redirect_uri), session)), "") << "people are asked once";
  EXPECT_EQ(browser.post("/accounts/apps/", session, {{"withdraw", "theirs"}}).status, 303);

  const Answer again = browser.get(question("theirs", redirect_uri), session);

  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(again.body.contains("Give access"));
}

TEST_F(AppsOfOthers, WithoutSecretAndAddressOfTheirOwnArePutToThePersonEachTime) {
  server.create_client(of_others("native", core::ClientKind::open, loopback));
  server.create_client(of_others("page", core::ClientKind::open, redirect_uri));
  EXPECT_NE(yes("native", loopback), "");
  EXPECT_NE(yes("page", redirect_uri), "");

  EXPECT_EQ(code_in(browser.get(question("native", loopback), session)), "");
  EXPECT_NE(code_in(browser.get(question("page", redirect_uri), session)), "");
}

TEST_F(AppsOfOthers, GetNoCodeFromWhatOnlyLooks) {
  const OauthClient theirs(server, of_others("theirs", core::ClientKind::confidential, redirect_uri));
  EXPECT_NE(yes("theirs", redirect_uri), "");
  const std::string where = question("theirs", redirect_uri);

  EXPECT_EQ(code_in(ask(server.port(), "HEAD", where, {{"Cookie", "sessionid=" + session}})), "");
  EXPECT_EQ(code_in(browser.get(where, session, {{"Sec-Purpose", "prefetch"}})), "");
  EXPECT_NE(code_in(browser.get(where, session)), "");
}

TEST_F(AppsOfOthers, DoNotUseUpWhatTheOwnerNeedsToEndThem) {
  const OauthClient theirs(server, of_others("theirs", core::ClientKind::confidential, redirect_uri));
  const OauthPair pair = OauthClient::pair_in(theirs.exchange(yes("theirs", redirect_uri)));
  const auto end_nothing = [&] {
    return post_form(server.port(), "/auth/invalidate-sessions", {{"client_id", "another"}},
                     {{"Authorization", "Bearer " + pair.access}});
  };
  server.create_client(album("another"));
  const std::size_t before = server.audit("ann").size();
  Answer answer = end_nothing();
  for (int i = 0; i < 20 && answer.status == 204; ++i) answer = end_nothing();

  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(server.audit("ann").size(), before) << "nothing ended";
  EXPECT_EQ(browser.post("/accounts/sessions/", session, {{"others", "end"}}).header("Location"),
            "/accounts/sessions/?done=others");
  EXPECT_FALSE(people.is_live("Bearer " + pair.access));
}

TEST_F(AppsOfOthers, AreAskedAboutInAnotherLanguageWithAllThatTheyAsked) {
  const OauthClient theirs(server, of_others("theirs", core::ClientKind::confidential, redirect_uri));

  const Answer page = browser.get(question("theirs", redirect_uri), session);

  std::smatch link;
  ASSERT_TRUE(std::regex_search(page.body, link, std::regex("href=\"\\?(lang=ru[^\"]*)\""))) << page.body;
  const std::string query = std::regex_replace(link[1].str(), std::regex("&amp;"), "&");
  const Answer other = browser.get("/auth/authorize?" + query, session);
  EXPECT_EQ(other.status, 200);
  EXPECT_TRUE(other.body.contains("Открыть доступ"));
  EXPECT_TRUE(query.contains("state=a%20b%26c")) << query;
}

}  // namespace
}  // namespace propusk::testing
