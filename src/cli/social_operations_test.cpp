// Connections by operators' verbs: all of them are shown, and nobody is locked out.
#include "cli/social_operations.hpp"

#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SocialOperations : public Operations {
 protected:
  std::int64_t ann = create_ann().at("id").as_int64();

  void connect(const std::string& provider, const std::string& subject, std::int64_t account,
               bool is_imported = false) {
    clock.advance(1s);
    write([=, now = clock.now()](core::Transaction& t) {
      EXPECT_TRUE(t.social_links().insert({.provider = provider,
                                           .subject = subject,
                                           .account = core::AccountId{account},
                                           .is_imported = is_imported,
                                           .display = "Ann Smith",
                                           .mailbox = "ann@gmail.com",
                                           .created_at = now,
                                           .used_at = {}}));
    });
  }
  void take_password() {
    write([id = core::AccountId{ann}, now = clock.now()](core::Transaction& t) {
      t.accounts().set_password(id, "", now);
    });
  }
  /// `provider:subject` of ann's connections.
  std::vector<std::string> listed() {
    std::vector<std::string> names;
    for (const auto& row : result_of_ann("social.list").at("connections").as_array())
      names.push_back(std::string(row.at("provider").as_string()) + ":" + std::string(row.at("subject").as_string()));
    return names;
  }
  json::object disconnect(const std::string& provider, const std::string& subject = "") {
    return ask_of_ann("social.disconnect", {{"provider", provider}, {"subject", subject}});
  }
  static std::string reason(const json::object& answer) {
    return std::string(answer.at("reasons").as_array().at(0).as_string());
  }
};

TEST_F(SocialOperations, AnAccountWithoutConnectionsHasAnEmptyList) { EXPECT_THAT(listed(), IsEmpty()); }

TEST_F(SocialOperations, AConnectionIsShownWithAllThatIsKept) {
  connect("google-oauth2", "1000", ann);
  write([now = clock.now()](core::Transaction& t) {
    core::SocialLink used = *t.social_links().find("google-oauth2", "1000");
    used.used_at = now + 1min;
    t.social_links().note_told(used);
  });
  connect("vk-oauth2", "7", ann, true);

  const auto connections = result_of_ann("social.list").at("connections").as_array();
  ASSERT_EQ(connections.size(), 2U);
  EXPECT_EQ(connections.at(0), (json::object{{"provider", "google-oauth2"},
                                             {"subject", "1000"},
                                             {"display", "Ann Smith"},
                                             {"imported", false},
                                             {"mailbox", "ann@gmail.com"},
                                             {"created_at", "2026-01-01T00:00:01Z"},
                                             {"used_at", "2026-01-01T00:01:01Z"}}));
  EXPECT_EQ(connections.at(1).at("imported"), true) << "operators see what the owner does not";
  EXPECT_EQ(connections.at(1).at("used_at"), nullptr);
}

TEST_F(SocialOperations, ConnectionsAreListedOldestFirstAndOnlyTheAccountsOwn) {
  const auto bob =
      result(R"({"verb":"account.create","username":"bob","email":"","password":"correct horse"})").at("id").as_int64();
  connect("yandex-oauth2", "1", ann);
  connect("github", "2", bob);
  connect("github", "1", ann);
  EXPECT_THAT(listed(), ElementsAre("yandex-oauth2:1", "github:1"));
}

TEST_F(SocialOperations, OnePersonIsDisconnectedOrEverybodyOfTheProvider) {
  for (const char* subject : {"1", "2", "3"}) connect("github", subject, ann);
  connect("vk-oauth2", "1", ann);

  EXPECT_EQ(disconnect("github", "2").at("result"), (json::object{{"username", "ann"}, {"ended", 1}}));
  EXPECT_THAT(listed(), ElementsAre("github:1", "github:3", "vk-oauth2:1"));
  EXPECT_EQ(disconnect("github").at("result"), (json::object{{"username", "ann"}, {"ended", 2}}));
  EXPECT_THAT(listed(), ElementsAre("vk-oauth2:1"));
  EXPECT_EQ(actions(),
            (std::multiset<std::string>{"account_created", "identity_disconnected", "identity_disconnected"}));
}

TEST_F(SocialOperations, WhatIsNotConnectedIsRefusedAndWritesNothing) {
  const auto bob =
      result(R"({"verb":"account.create","username":"bob","email":"","password":"correct horse"})").at("id").as_int64();
  connect("github", "1", ann);
  connect("github", "2", bob);

  EXPECT_EQ(reason(disconnect("vk-oauth2")), "identity_unknown");
  EXPECT_EQ(reason(disconnect("github", "2")), "identity_unknown") << "somebody else's";
  EXPECT_EQ(reason(disconnect("GitHub", "1")), "identity_unknown");
  EXPECT_EQ(reason(disconnect("")), "identity_unknown");

  EXPECT_THAT(listed(), ElementsAre("github:1"));
  EXPECT_FALSE(actions().contains("identity_disconnected"));
}

TEST_F(SocialOperations, TheOnlyWayInIsLeftAndTheRemedyTold) {
  connect("github", "1", ann);
  take_password();

  const json::object answer = disconnect("github");

  EXPECT_EQ(reason(answer), "last_way_in");
  EXPECT_THAT(std::string(answer.at("message").as_string()), HasSubstr("`account set-password`"));
  EXPECT_THAT(listed(), ElementsAre("github:1"));
  EXPECT_FALSE(actions().contains("identity_disconnected"));
}

TEST_F(SocialOperations, AllPersonsOfTheOnlyProviderAreTheOnlyWayInTogether) {
  connect("github", "1", ann);
  connect("github", "2", ann);
  take_password();

  EXPECT_EQ(reason(disconnect("github")), "last_way_in");
  EXPECT_TRUE(disconnect("github", "1").contains("result"));
  EXPECT_EQ(reason(disconnect("github", "2")), "last_way_in");
}

TEST_F(SocialOperations, AnImportedConnectionThatNobodyHasComeByIsNoWayIn) {
  connect("github", "1", ann);
  connect("google-oauth2", "ann@gmail.com", ann, true);
  take_password();

  EXPECT_EQ(reason(disconnect("github")), "last_way_in");
  EXPECT_TRUE(disconnect("google-oauth2").contains("result")) << "but it can be ended";
}

TEST_F(SocialOperations, APasswordIsAWayIn) {
  connect("github", "1", ann);
  EXPECT_EQ(disconnect("github").at("result").at("ended"), 1);
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(SocialOperations, NobodyHasNoConnections) {
  for (const char* verb : {"social.list", "social.disconnect"})
    EXPECT_EQ(reason(ask(R"({"verb":")" + std::string(verb) + R"(","identifier":"nobody","provider":"github"})")),
              "account_unknown");
}

}  // namespace
}  // namespace propusk::cli
