// The operator's side of operations: what is asked of whom, and how answers are printed.
#include "cli/operator_request.hpp"

#include <pty.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "cli/testing/run_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class OperatorRequest : public Run {};

json::object account(std::int64_t id, std::string_view name) {
  return {{"id", id},
          {"username", name},
          {"email", ""},
          {"state", "active"},
          {"created_at", "2026-01-01T00:00:00Z"},
          {"last_sign_in_at", nullptr}};
}

TEST_F(OperatorRequest, DeletingNeedsAYes) {
  pipe_in("ann\n");
  EXPECT_EQ(run({"account", "delete", "ann"}), usage);
  EXPECT_THAT(err.str(), HasSubstr("--yes"));
  EXPECT_THAT(requests, IsEmpty());

  answers = {R"({"result":{"username":"ann"}})"};
  EXPECT_EQ(run({"account", "delete", "ann", "--yes"}), done);
  EXPECT_EQ(err.str(), "ann is deleted\n");
  EXPECT_EQ(out.str(), "");
}

TEST_F(OperatorRequest, AnUrgentRotationNeedsAYesAndAnOrdinaryOneDoesNot) {
  pipe_in("urgent\n");
  EXPECT_EQ(run({"key", "rotate", "--urgent"}), usage);
  EXPECT_THAT(err.str(), HasSubstr("--yes"));
  EXPECT_THAT(requests, IsEmpty());

  answers = {R"({"result":{"kid":"00ff","signs_from":"2026-01-01T00:00:00Z"}})",
             R"({"result":{"kid":"00ff","signs_from":"2026-01-01T01:00:00Z"}})"};
  EXPECT_EQ(run({"key", "rotate", "--urgent", "--yes"}), done);
  EXPECT_EQ(err.str(), "key 00ff signs; every JWT of an older key is ended\n");
  EXPECT_EQ(run({"key", "rotate"}), done);
  EXPECT_EQ(err.str(), "key 00ff signs from 2026-01-01T01:00:00Z; JWTs of older keys stay valid\n");
  EXPECT_THAT(requests, ElementsAre(R"({"verb":"key.rotate","identifier":"","urgent":true})",
                                    R"({"verb":"key.rotate","identifier":"","urgent":false})"));
}

TEST_F(OperatorRequest, ATerminalIsAskedBeforeAnUrgentRotation) {
  int terminal = -1;
  ASSERT_EQ(::openpty(&terminal, &input, nullptr, nullptr, nullptr), 0);
  answers = {R"({"result":{"kid":"00ff","signs_from":"2026-01-01T00:00:00Z"}})"};
  constexpr std::string_view lines = "no\nurgent\n";
  ASSERT_EQ(::write(terminal, lines.data(), lines.size()), static_cast<ssize_t>(lines.size()));

  EXPECT_EQ(run({"key", "rotate", "--urgent"}), usage);
  EXPECT_THAT(err.str(), HasSubstr("Every JWT that was signed until now ends"));
  EXPECT_THAT(requests, IsEmpty());
  EXPECT_EQ(run({"key", "rotate", "--urgent"}), done);
  ::close(terminal);
}

TEST_F(OperatorRequest, TokensAreListedAndRevoked) {
  answers = {R"({"result":{"tokens":[{"id":"00ff","kind":"auth_token","label":"curl/8","created_at":"C","seen_at":"S",
                "expires_at":"E","idle_limit":"30d"}]}})",
             R"({"result":{"id":"00ff"}})", R"({"result":{"username":"ann","ended":2}})"};

  EXPECT_EQ(run({"token", "list", "ann"}), done);
  EXPECT_EQ(out.str(),
            "id    kind        created_at  seen_at  expires_at  idle_limit  label\n"
            "00ff  auth_token  C           S        E           30d         curl/8\n");
  EXPECT_EQ(run({"token", "revoke", "ann", "00ff0000"}), done);
  EXPECT_EQ(err.str(), "token 00ff is ended\n");
  EXPECT_EQ(run({"token", "revoke", "ann", "--all"}), done);
  EXPECT_EQ(err.str(), "tokens of ann that are ended: 2\n");
  EXPECT_THAT(requests, ElementsAre(R"({"verb":"token.list","identifier":"ann"})",
                                    R"({"verb":"token.revoke","identifier":"ann","token":"00ff0000"})",
                                    R"({"verb":"token.revoke_all","identifier":"ann"})"));
}

TEST_F(OperatorRequest, AnOperatorsWordOnAnAccountIsSaidBack) {
  const std::string ann = R"({"result":{"username":"ann","email":"a@b.c"}})";
  answers = {ann, ann, ann, ann};

  EXPECT_EQ(run({"account", "activate", "ann", "--verify-email"}), done);
  EXPECT_EQ(err.str(), "ann is active; its address is verified\n");
  EXPECT_EQ(run({"account", "set-email", "ann", "a@b.c"}), done);
  EXPECT_EQ(err.str(), "ann has the address a@b.c\n");
  EXPECT_EQ(run({"account", "sign-out", "ann"}), done);
  EXPECT_EQ(err.str(), "ann is signed out; its sessions and tokens are ended\n");
  EXPECT_EQ(run({"account", "set-email", "ann", "a@b.c", "--verified", "--json"}), done);
  EXPECT_EQ(json::parse(out.str()).at("email"), "a@b.c");
  EXPECT_THAT(requests,
              ElementsAre(R"({"verb":"account.activate","identifier":"ann","verify_email":true})",
                          R"({"verb":"account.set_email","identifier":"ann","email":"a@b.c","verified":false})",
                          R"({"verb":"account.sign_out","identifier":"ann"})",
                          R"({"verb":"account.set_email","identifier":"ann","email":"a@b.c","verified":true})"));
}

TEST_F(OperatorRequest, EveryPageOfAccountsIsPrinted) {
  const std::string first = json::serialize(
      json::object{{"result", {{"accounts", json::array{account(1, "ann"), account(2, "bob")}}, {"next", 2}}}});
  const std::string last =
      json::serialize(json::object{{"result", {{"accounts", json::array{account(3, "eve")}}, {"next", nullptr}}}});
  answers = {first, last};

  EXPECT_EQ(run({"account", "list", "--json"}), done);

  EXPECT_THAT(requests, ElementsAre(Not(HasSubstr("after")), HasSubstr(R"("after":2)")));
  const auto printed = json::parse(out.str()).as_array();
  ASSERT_EQ(printed.size(), 3u);
  EXPECT_EQ(printed.at(2).at("username"), "eve");

  requests.clear();
  EXPECT_EQ(run({"account", "list"}), done);
  EXPECT_THAT(
      out.str(),
      AllOf(
          StartsWith(
              "id  username  email  state   created_at            last_sign_in_at\n1   ann       -      active  2026-"),
          HasSubstr("\n3   eve ")));
}

TEST_F(OperatorRequest, NoAccountsAreAnEmptyList) {
  answers = {R"({"result":{"accounts":[],"next":null}})"};
  EXPECT_EQ(run({"account", "list", "--json"}), done);
  EXPECT_EQ(out.str(), "[]\n");
}

TEST_F(OperatorRequest, PagesWithoutAnAccountOfTheStateLeaveNoTrace) {
  const std::string empty = R"({"result":{"accounts":[],"next":9}})";
  const std::string last =
      json::serialize(json::object{{"result", {{"accounts", json::array{account(10, "ann")}}, {"next", nullptr}}}});
  answers = {empty, last, empty, last};

  EXPECT_EQ(run({"account", "list", "--state", "pending", "--json"}), done);
  EXPECT_EQ(json::parse(out.str()).as_array().size(), 1u);
  EXPECT_EQ(run({"account", "list", "--state", "pending"}), done);
  EXPECT_EQ(std::ranges::count(out.str(), '\n'), 2) << out.str();
  EXPECT_THAT(requests.front(), HasSubstr(R"("state":"pending")"));
}

TEST_F(OperatorRequest, APageThatEndsWithTheLastAccountStillClosesTheList) {
  answers = {json::serialize(json::object{{"result", {{"accounts", json::array{account(1, "ann")}}, {"next", 1}}}}),
             R"({"result":{"accounts":[],"next":null}})"};
  EXPECT_EQ(run({"account", "list", "--json"}), done);
  EXPECT_EQ(json::parse(out.str()).as_array().size(), 1u);
}

}  // namespace
}  // namespace propusk::cli
