// What a provider says becomes one of a few things, whatever it says.
#include "providers/answer.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace propusk::providers {
namespace {
std::string judged(int status, std::string body, Asking asking = {}) {
  const auto answer = read_answer(Fetched{.status = status, .body = std::move(body)}, asking);
  return answer ? "ok" : std::string(core::provider_failure_name(answer.error().failure));
}

TEST(AnswerTest, status_and_body_say_together_what_it_is) {
  EXPECT_EQ(judged(200, "{}"), "ok");
  EXPECT_EQ(judged(201, "[]"), "ok");
  EXPECT_EQ(judged(200, R"({"error":null})"), "ok");
  EXPECT_EQ(judged(200, R"({"error":"bad_verification_code"})"), "token_refused");
  EXPECT_EQ(judged(200, R"({"error":{"error_code":5}})"), "token_refused");
  for (const int status : {400, 401, 403, 404, 422}) EXPECT_EQ(judged(status, "no JSON"), "token_refused") << status;
  for (const int status : {408, 429, 500, 502, 503}) EXPECT_EQ(judged(status, "{}"), "unreachable") << status;
  for (const char* body : {"", "<html>", "{", "1", "\"text\"", "{} {}", "\xff"})
    EXPECT_EQ(judged(200, body), "unintelligible") << body;
  EXPECT_EQ(judged(200, std::string(10'000, '[')), "unintelligible") << "no deep recursion";
  for (const int status : {0, 101, 301, 304}) EXPECT_EQ(judged(status, "{}"), "unintelligible") << status;
}

TEST(AnswerTest, a_fetch_that_failed_is_our_trouble_or_its_nonsense) {
  const auto told = [](FetchFailure failure) {
    const auto answer = read_answer(std::unexpected(failure), {});
    return answer ? "ok" : std::string(core::provider_failure_name(answer.error().failure)) + " " + answer.error().why;
  };

  EXPECT_EQ(told(FetchFailure::unreachable), "unreachable unreachable");
  EXPECT_EQ(told(FetchFailure::timed_out), "unreachable timed_out");
  EXPECT_EQ(told(FetchFailure::forbidden_address), "unreachable forbidden_address");
  EXPECT_EQ(told(FetchFailure::circuit_open), "unreachable circuit_open");
  EXPECT_EQ(told(FetchFailure::overloaded), "unreachable overloaded");
  EXPECT_EQ(told(FetchFailure::too_large), "unintelligible too_large");
  EXPECT_EQ(told(FetchFailure::redirected), "unintelligible redirected");
}

TEST(AnswerTest, a_revocation_has_its_number) {
  const Asking vk{.revoked_at = "/error/error_code", .revoked_is = "5"};

  EXPECT_EQ(judged(200, R"({"error":{"error_code":5}})", vk), "access_revoked");
  EXPECT_EQ(judged(403, R"({"error":{"error_code":"5"}})", vk), "access_revoked");
  EXPECT_EQ(judged(200, R"({"error":{"error_code":15}})", vk), "token_refused");
  EXPECT_EQ(judged(200, R"({"error":{"error_code":55}})", vk), "token_refused");
  EXPECT_EQ(judged(200, R"({"error_code":5,"error":"x"})", vk), "token_refused");
}

TEST(AnswerTest, when_we_show_our_secret_its_refusal_is_ours) {
  const Asking as_client{.as_client = true};

  EXPECT_EQ(judged(401, "", as_client), "unreachable");
  EXPECT_EQ(judged(400, R"({"error":"invalid_client"})", as_client), "unreachable");
  EXPECT_EQ(judged(200, R"({"error":"incorrect_client_credentials"})", as_client), "unreachable");
  EXPECT_EQ(judged(400, R"({"error":"unauthorized_client"})"), "unreachable") << "the word alone says so";
  EXPECT_EQ(judged(400, R"({"error":"invalid_grant"})", as_client), "token_refused");
  EXPECT_EQ(judged(404, "", as_client), "token_refused");
  EXPECT_EQ(judged(401, ""), "token_refused");
}

TEST(AnswerTest, nothing_that_a_provider_says_is_in_the_reason) {
  const auto answer = read_answer(Fetched{.status = 400, .body = R"({"error":"words of its own"})"}, {});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why, "refused");
}

TEST(AnswerTest, places_are_looked_at_in_their_order) {
  const auto answer = boost::json::parse(R"({"a":"","b":{"c":["x","y"]},"n":12,"t":true,"s":"true","d":1.5})");

  EXPECT_EQ(text_at(answer, "/a|/b/c/1"), "y");
  EXPECT_EQ(text_at(answer, "/missing|/n"), "12");
  EXPECT_EQ(text_at(answer, "/d"), "");
  EXPECT_EQ(text_at(answer, "/b/c/7|/b|/t"), "");
  EXPECT_EQ(text_at(answer, ""), "");
  EXPECT_TRUE(is_true_at(answer, "/t"));
  EXPECT_TRUE(is_true_at(answer, "/s"));
  EXPECT_FALSE(is_true_at(answer, "/n"));
  EXPECT_FALSE(is_true_at(answer, "/missing"));
}

}  // namespace
}  // namespace propusk::providers
