// The operator's verbs on a real store: what goes in, what comes out, and that nothing else does.
#include "cli/operations.hpp"

#include <set>

#include "cli/refusal_sentence.hpp"
#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(Operations, AnAccountIsCreatedAndShownWithoutItsHash) {
  const auto created = create_ann();

  EXPECT_EQ(created.at("username"), "ann");
  EXPECT_EQ(created.at("state"), "active");
  EXPECT_EQ(created.at("created_at"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(created.at("last_sign_in_at"), nullptr);
  EXPECT_THAT(json::serialize(created), Not(HasSubstr("plain$")));
  const std::string id = std::to_string(created.at("id").as_int64());
  auto shown = created;
  shown["sessions"] = shown["tokens"] = 0;
  for (const std::string& identifier : {std::string("ann"), std::string("ann@example.org"), id})
    EXPECT_EQ(result(R"({"verb":"account.show","identifier":")" + identifier + "\"}"), shown) << identifier;
}

TEST_F(Operations, ARefusalNamesEveryReason) {
  const auto answer = ask(R"({"verb":"account.create","username":"a b","email":"nobody","password":"1234567"})");

  EXPECT_EQ(answer.at("failure"), "refused");
  std::set<std::string> reasons;
  for (const auto& reason : answer.at("reasons").as_array()) reasons.emplace(reason.as_string());
  EXPECT_TRUE(reasons.contains("username_malformed") && reasons.contains("email_malformed") &&
              reasons.contains("password_too_short"));
  EXPECT_THAT(std::string(answer.at("message").as_string()), HasSubstr("; the password is too short"));
  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":"nobody"})").at("reasons").as_array().at(0), "account_unknown");
}

TEST_F(Operations, AnAccountIsDisabledEnabledAndDeleted) {
  const auto id = create_ann().at("id").as_int64();
  open_session(id, std::byte{1});

  EXPECT_EQ(result(R"({"verb":"account.disable","identifier":"ann"})").at("state"), "disabled");
  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
  EXPECT_EQ(result(R"({"verb":"account.enable","identifier":"ann"})").at("state"), "active");
  EXPECT_EQ(result(R"({"verb":"account.delete","identifier":"ann"})").at("username"), "ann");

  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":"ann"})").at("failure"), "refused");
  const auto events = result(R"({"verb":"audit.list","identifier":")" + std::to_string(id) + R"(","limit":100})")
                          .at("events")
                          .as_array();
  std::multiset<std::string> actions;
  for (const auto& event : events) {
    actions.emplace(event.at("action").as_string());
    EXPECT_EQ(event.at("actor"), "operator uid 7");
  }
  EXPECT_EQ(actions,
            (std::multiset<std::string>{"account_created", "account_deleted", "account_disabled", "account_enabled"}));
}

TEST_F(Operations, ANewPasswordEndsTheSessions) {
  open_session(create_ann().at("id").as_int64(), std::byte{1});

  result(R"({"verb":"account.set_password","identifier":"ann","password":"battery staple"})");

  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
  EXPECT_EQ(ask(R"({"verb":"account.set_password","identifier":"ann","password":"short"})").at("failure"), "refused");
}

TEST_F(Operations, AccountsAreListedPageByPage) {
  for (std::size_t i = 0; i <= accounts_per_answer; ++i)
    result(R"({"verb":"account.create","username":"u)" + std::to_string(i) +
           R"(","email":"","password":"correct horse"})");

  const auto first = result(R"({"verb":"account.list","after":0})");
  const auto last = result(R"({"verb":"account.list","after":)" + json::serialize(first.at("next")) + "}");

  EXPECT_EQ(first.at("accounts").as_array().size(), accounts_per_answer);
  EXPECT_EQ(first.at("next"), first.at("accounts").as_array().back().at("id"));
  EXPECT_EQ(last.at("accounts").as_array().size(), 1u);
  EXPECT_EQ(last.at("next"), nullptr);
}

TEST_F(Operations, AuditIsListedNewestFirstWithinTheLimit) {
  create_ann();
  clock.advance(1s);
  result(R"({"verb":"account.disable","identifier":"ann"})");

  const auto events = result(R"({"verb":"audit.list","identifier":"","limit":1})").at("events").as_array();

  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.at(0).at("action"), "account_disabled");
  EXPECT_EQ(events.at(0).at("at"), "2026-01-01T00:00:01Z");
  EXPECT_EQ(result(R"({"verb":"audit.list","identifier":"ann","limit":99999})").at("events").as_array().size(), 2u);
}

TEST_F(Operations, WhateverIsAskedThereIsAnAnswer) {
  for (const char* request : {R"({})", R"({"verb":1})", R"({"verb":"account.fly"})", R"({"verb":null,"x":[]})"})
    EXPECT_EQ(ask(request).at("failure"), "malformed") << request;
  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":7})").at("failure"), "refused");
  EXPECT_TRUE(ask(R"({"verb":"account.list","after":"x"})").contains("result"));
  hasher.is_broken = true;
  const auto answer = ask(R"({"verb":"account.create","username":"bob","email":"","password":"correct horse"})");
  EXPECT_EQ(answer.at("failure"), "outage");
  EXPECT_EQ(answer.at("message"), "hashing pool: no memory");
}

TEST(RefusalSentence, EveryRefusalHasOne) {
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < core::refusal_count; ++i)
    sentences.insert(refusal_sentence(static_cast<core::Refusal>(i)));
  EXPECT_EQ(sentences.size(), core::refusal_count);
  EXPECT_FALSE(sentences.contains(""));
}

}  // namespace
}  // namespace propusk::cli
