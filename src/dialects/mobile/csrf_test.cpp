// CSRF tokens as Django masks them: the worked example of the recorded storage formats.
#include "dialects/mobile/csrf.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::mobile {
namespace {
constexpr std::string_view secret = "abcdefghijklmnopqrstuvwxyzABCDEF";
constexpr std::string_view token = "0123456789abcdefghijklmnopqrstuv02468acegikmoqsuwyACEGIKMOQSUWY0";
constexpr std::string_view same_secret_other_mask = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefghijklmnopqrstuvwxyzABCDEF";

TEST(CsrfToken, AMaskedTokenHoldsTheBareSecret) {
  EXPECT_TRUE(hold_same_secret(token, secret));
  EXPECT_TRUE(hold_same_secret(secret, token));
  EXPECT_TRUE(hold_same_secret(token, same_secret_other_mask));
  EXPECT_TRUE(hold_same_secret(secret, secret));
}

TEST(CsrfToken, AnyOtherCharacterIsAnotherSecret) {
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other(token);
    other[i] = other[i] == 'z' ? 'y' : 'z';
    EXPECT_FALSE(hold_same_secret(other, secret)) << i;
  }
}

TEST(CsrfToken, WhatIsNoTokenAgreesWithNothing) {
  for (const std::string& text : {std::string(), std::string(31, 'a'), std::string(33, 'a'), std::string(63, 'a'),
                                  std::string(65, 'a'), std::string(31, 'a') + "-", std::string(32, '\0')}) {
    EXPECT_FALSE(is_csrf_token(text)) << text;
    EXPECT_FALSE(hold_same_secret(text, text)) << text;
  }
}

TEST(CsrfToken, ANewTokenIsABareSecret) {
  propusk::testing::SeededRandom random;
  const std::string fresh = new_csrf_token(random);

  EXPECT_EQ(fresh.size(), 32U);
  EXPECT_TRUE(is_csrf_token(fresh));
  EXPECT_NE(new_csrf_token(random), fresh);
}

class Check : public ::testing::Test {
 protected:
  static CsrfVerdict check(std::vector<http::Header> headers, std::string field = "") {
    http::Request request;
    request.headers = std::move(headers);
    http::Form form;
    if (!field.empty()) form.add("csrfmiddlewaretoken", std::move(field));
    const CsrfVerdict verdict = check_csrf_head({"https://id.example", {}, false}, request);
    return verdict == CsrfVerdict::passed ? check_csrf_token(request, form) : verdict;
  }
  const std::string cookie = "csrftoken=" + std::string(secret);
};

TEST_F(Check, TheFieldOrTheHeaderAgreesWithTheCookie) {
  EXPECT_EQ(check({{"Cookie", cookie}}, std::string(token)), CsrfVerdict::passed);
  EXPECT_EQ(check({{"Cookie", cookie}, {"X-CSRFToken", token}}), CsrfVerdict::passed);
  EXPECT_EQ(check({{"Cookie", cookie}}), CsrfVerdict::rejected);
}

TEST_F(Check, TheHeaderIsNotAskedWhenThereIsAField) {
  EXPECT_EQ(check({{"Cookie", cookie}, {"X-CSRFToken", token}}, "wrong"), CsrfVerdict::rejected);
}

TEST_F(Check, AMalformedCookieIsRejectedAndAnAbsentOneNamed) {
  EXPECT_EQ(check({{"Cookie", "csrftoken="}}, std::string(token)), CsrfVerdict::rejected);
  EXPECT_EQ(check({{"Cookie", "csrftoken=short"}}, "short"), CsrfVerdict::rejected);
  EXPECT_EQ(check({}, std::string(token)), CsrfVerdict::no_cookie);
}

TEST_F(Check, AForeignSiteIsRejectedWhateverItsToken) {
  EXPECT_EQ(check({{"Cookie", cookie}, {"Origin", "https://evil"}}, std::string(token)), CsrfVerdict::rejected);
  EXPECT_EQ(check({{"Origin", "null"}}), CsrfVerdict::rejected);
}

}  // namespace
}  // namespace propusk::mobile
