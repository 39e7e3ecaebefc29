// Sessions and tokens by operators' verbs: what is listed where, and that an ending holds at once.
#include "cli/credential_operations.hpp"

#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using core::CredentialKind;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class CredentialOperations : public Operations {
 protected:
  /// Whether memory, which is what a running server asks, lets the digest in.
  bool is_live(const std::string& digest) {
    const auto bytes = from_hex(digest);
    Digest asked;
    std::ranges::copy(*bytes, asked.bytes.begin());
    return live.check(asked, clock.now()).standing == core::Standing::live;
  }
  std::vector<std::string> listed(std::string_view family) {
    std::vector<std::string> ids;
    for (const auto& row : result_of_ann(std::string(family) + ".list").at(std::string(family) + "s").as_array())
      ids.emplace_back(row.at("id").as_string());
    return ids;
  }
  std::string message_of(const json::object& answer) { return std::string(answer.at("message").as_string()); }
};

TEST_F(CredentialOperations, ASessionIsRevokedByAPrefixThatNamesOnlyIt) {
  const auto id = create_ann().at("id").as_int64();
  const std::string one = open_session(id, std::byte{0x11}), other = open_session(id, std::byte{0x22});
  const auto revoke = [&](std::string_view session) {
    return ask(R"({"verb":"session.revoke","identifier":"ann","session":")" + std::string(session) + "\"}");
  };

  const auto listed = result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_THAT(std::string(listed.at(0).at("id").as_string()), MatchesRegex("[0-9a-f]{16}"));

  EXPECT_EQ(revoke(one.substr(0, 7)).at("failure"), "malformed");
  EXPECT_THAT(std::string(revoke(one.substr(0, 14)).at("message").as_string()), HasSubstr("several sessions"));
  EXPECT_THAT(std::string(revoke("0123456789abcdef").at("message").as_string()), HasSubstr("no such live session"));
  EXPECT_EQ(revoke(one.substr(0, 16)).at("result").at("id").as_string(), one.substr(0, 16));
  EXPECT_EQ(revoke(other).at("result").at("id").as_string(), other.substr(0, 16));
  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
}

TEST_F(CredentialOperations, SessionsAndTokensAreListedApart) {
  const auto id = create_ann().at("id").as_int64();
  const std::string session = open_session(id, std::byte{1});
  const std::string token = open_session(id, std::byte{2}, CredentialKind::auth_token, 240h);
  open_session(id, std::byte{3}, CredentialKind::jwt_refresh);

  EXPECT_EQ(listed("session"), std::vector{session.substr(0, 16)});
  const auto tokens = result_of_ann("token.list").at("tokens").as_array();
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens.at(0), (json::object{{"id", token.substr(0, 16)},
                                        {"kind", "auth_token"},
                                        {"label", "curl/8"},
                                        {"created_at", "2026-01-01T00:00:00Z"},
                                        {"seen_at", "2026-01-01T00:00:00Z"},
                                        {"expires_at", "2026-01-01T12:00:00Z"},
                                        {"idle_limit", "10d"}}));
  EXPECT_EQ(tokens.at(1).at("kind"), "jwt_refresh");
  EXPECT_EQ(tokens.at(1).at("idle_limit"), nullptr);
  const auto shown = result_of_ann("account.show");
  EXPECT_EQ(shown.at("sessions"), 1);
  EXPECT_EQ(shown.at("tokens"), 2);
}

TEST_F(CredentialOperations, WhatWasIdleForTooLongIsNotListed) {
  open_session(create_ann().at("id").as_int64(), std::byte{1}, CredentialKind::auth_token, 2h);
  clock.advance(2h);
  EXPECT_EQ(listed("token").size(), 1u) << "last-seen is known to the hour";
  clock.advance(1h);
  EXPECT_EQ(listed("token").size(), 0u);
}

TEST_F(CredentialOperations, ARevokedTokenIsDeadAtOnceAndNoOther) {
  const auto id = create_ann().at("id").as_int64();
  const std::string one = open_session(id, std::byte{1}, CredentialKind::auth_token);
  const std::string other = open_session(id, std::byte{2}, CredentialKind::jwt_refresh);

  EXPECT_EQ(result_of_ann("token.revoke", {{"token", one.substr(0, 16)}}).at("id").as_string(), one.substr(0, 16));

  EXPECT_FALSE(is_live(one));
  EXPECT_TRUE(is_live(other));
  EXPECT_EQ(actions(), (std::multiset<std::string>{"account_created", "token_revoked"}));
  EXPECT_THAT(message_of(ask_of_ann("token.revoke", {{"token", one.substr(0, 16)}})), HasSubstr("no such live token"));
}

TEST_F(CredentialOperations, ACredentialOfTheOtherFamilyIsRefusedWithTheRightVerb) {
  const auto id = create_ann().at("id").as_int64();
  const std::string session = open_session(id, std::byte{1});
  const std::string token = open_session(id, std::byte{2}, CredentialKind::auth_token);

  const auto not_a_session = ask_of_ann("session.revoke", {{"session", token.substr(0, 16)}});
  const auto not_a_token = ask_of_ann("token.revoke", {{"token", session.substr(0, 16)}});

  EXPECT_EQ(not_a_session.at("failure"), "refused");
  EXPECT_THAT(message_of(not_a_session), HasSubstr("`token revoke`"));
  EXPECT_THAT(message_of(not_a_token), HasSubstr("`session revoke`"));
  EXPECT_TRUE(is_live(session) && is_live(token));
  EXPECT_EQ(ask_of_ann("token.revoke", {{"token", "abab"}}).at("failure"), "malformed");
}

TEST_F(CredentialOperations, AllTokensEndTogetherAndSessionsStay) {
  const auto id = create_ann().at("id").as_int64();
  const std::string session = open_session(id, std::byte{1});
  const std::vector tokens{open_session(id, std::byte{2}, CredentialKind::auth_token),
                           open_session(id, std::byte{3}, CredentialKind::jwt_refresh)};

  EXPECT_EQ(result_of_ann("token.revoke_all"), (json::object{{"username", "ann"}, {"ended", 2}}));

  for (const std::string& token : tokens) EXPECT_FALSE(is_live(token));
  EXPECT_TRUE(is_live(session));
  EXPECT_EQ(result_of_ann("token.revoke_all").at("ended"), 0);
  EXPECT_EQ(actions(), (std::multiset<std::string>{"account_created", "tokens_ended"}));
}

TEST_F(CredentialOperations, SigningOutEndsEverything) {
  const auto id = create_ann().at("id").as_int64();
  const std::vector all{open_session(id, std::byte{1}), open_session(id, std::byte{2}, CredentialKind::auth_token),
                        open_session(id, std::byte{3}, CredentialKind::jwt_refresh)};

  EXPECT_EQ(result_of_ann("account.sign_out").at("username"), "ann");

  for (const std::string& one : all) EXPECT_FALSE(is_live(one));
  EXPECT_TRUE(listed("session").empty() && listed("token").empty());
  EXPECT_EQ(actions(), (std::multiset<std::string>{"account_created", "signed_out"}));
  for (const char* verb : {"account.sign_out", "token.list", "token.revoke_all"})
    EXPECT_EQ(ask(R"({"verb":")" + std::string(verb) + R"(","identifier":"nobody"})").at("reasons").as_array().at(0),
              "account_unknown");
}

}  // namespace
}  // namespace propusk::cli
