// The way to a provider and back on the hosted pages: what people read when it fails, and where it leads on to.
#include <gtest/gtest.h>

#include "tests/scenarios/oauth_client.hpp"
#include "tests/support/fake_providers.hpp"
#include "tests/support/scripted_fetcher.hpp"
#include "tests/support/served_providers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace propusk::testing {
namespace {

class ProviderPages : public ::testing::Test {
 protected:
  ProviderPages() { fakes.set_visitor("good7"); }
  config::Settings settings() {
    config::Settings all = djoser_settings(config::DjoserProfile::email);
    all.providers = settings_of(configuration_of(fakes, secrets.path())).providers;
    return all;
  }
  /// Goes to the provider from the page for sign-in; `come_back` makes the query of the return out of what it brings.
  template <class ComeBack>
  Answer sign_in(const std::string& backend, ComeBack come_back, const std::string& next = "") {
    const Answer left = web.get("/auth/login/" + backend + "/" + (next.empty() ? "" : "?next=" + next));
    const std::map<std::string, std::string> brought = fakes.visit(left.header("Location").value());
    return web.get("/auth/complete/" + backend + "/?" + come_back(brought), "",
                   {{"Cookie", "propusk_provider=" + left.cookie("propusk_provider").value()}});
  }

  TemporaryDirectory secrets;
  FakeProviders fakes;
  ScriptedFetcher fetcher{[this](const UpstreamRequest& request) { return fakes.answer(request); }};
  TestServer server{settings(), fetcher};
  WebClient web{server};
};

TEST_F(ProviderPages, WhatVkIdPutsIntoOneParameterIsReadToo) {
  const Answer back = sign_in("vk-oauth2", [](const std::map<std::string, std::string>& brought) {
    return urlencoded({{"payload", R"({"type":"code_v2","code":")" + brought.at("code") + R"(","state":")" +
                                       brought.at("state") + R"(","device_id":")" + brought.at("device_id") + "\"}"}});
  });
  EXPECT_EQ(back.status, 302) << back.body;
  EXPECT_EQ(back.header("Location"), "/accounts/");
}

TEST_F(ProviderPages, MadeUpReturnsAskAProviderNoMoreOftenThanTheirNetworkMay) {
  config::Settings rationed = settings();
  rationed.limits.enabled = true;
  rationed.limits.unknown_secrets_per_prefix = {.burst = 3, .refill = std::chrono::hours{1}};
  server.restart_with(rationed);
  const auto make_up = [](const std::map<std::string, std::string>& brought) {
    return urlencoded({{"code", "made-up"}, {"state", brought.at("state")}});
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(sign_in("google-oauth2", make_up).status, 403);

  EXPECT_EQ(sign_in("google-oauth2", make_up).status, 429);
  EXPECT_EQ(fakes.requests_to("/google/token"), 3U);
}

TEST_F(ProviderPages, ASignInThatFailsLeadsBackToWhereItWasWanted) {
  const auto denied = [](const std::map<std::string, std::string>& brought) {
    return urlencoded({{"error", "access_denied"}, {"state", brought.at("state")}});
  };
  const Answer plain = sign_in("google-oauth2", denied);
  EXPECT_EQ(plain.status, 403);
  EXPECT_TRUE(plain.body.contains("You were not signed in")) << plain.body;
  const Answer page = sign_in("google-oauth2", denied, "/accounts/email/");
  EXPECT_TRUE(page.body.contains("href=\"/accounts/login/?next=/accounts/email/\"")) << page.body;
}

TEST_F(ProviderPages, AConnectionThatFailsIsNoSignInThatFailed) {
  const Answer in = sign_in("vk-oauth2", [](const std::map<std::string, std::string>& brought) {
    return urlencoded(
        {{"code", brought.at("code")}, {"state", brought.at("state")}, {"device_id", brought.at("device_id")}});
  });
  const std::string session = in.cookie("sessionid").value();
  const Answer left = web.post("/accounts/connections/", session, {{"connect", "google-oauth2"}});
  const std::string onward = left.header("Refresh").value();
  const auto brought = fakes.visit(onward.substr(onward.find('=') + 1));
  const std::string query = urlencoded({{"error", "access_denied"}, {"state", brought.at("state")}});
  const Answer back =
      web.get("/auth/complete/google-oauth2/?" + query, "",
              {{"Cookie", "sessionid=" + session + "; propusk_provider=" + left.cookie("propusk_provider").value()}});

  EXPECT_EQ(back.status, 403);
  EXPECT_TRUE(back.body.contains("Nothing was connected")) << back.body;
  EXPECT_TRUE(back.body.contains("href=\"/accounts/connections/\""));
}

TEST_F(ProviderPages, WhoseNameIsNotTheirAddressMayChangeIt) {
  const Answer in = sign_in("vk-oauth2", [](const std::map<std::string, std::string>& brought) {
    return urlencoded(
        {{"code", brought.at("code")}, {"state", brought.at("state")}, {"device_id", brought.at("device_id")}});
  });
  const std::string session = in.cookie("sessionid").value();
  EXPECT_EQ(web.get("/accounts/username/", session).status, 200);
  EXPECT_EQ(web.post("/accounts/username/", session, {{"new_username", "vera"}}).header("Location"),
            "/accounts/profile/?done=username");
  EXPECT_EQ(server.account("vera").username, "vera");
}

}  // namespace
}  // namespace propusk::testing
