// Words are encoded for where they stand, and nothing of them is ever a template again.
#include "providers/request.hpp"

#include <gtest/gtest.h>

#include "base/bug.hpp"

namespace propusk::providers {
namespace {

TEST(RequestTest, templates_are_filled_once) {
  Words words;
  words.set("a", Secret<>("{b}"));
  words.set("b", Secret<>("1"));
  words.set("none", Secret<>(""));

  EXPECT_EQ(words.fill("x{a}y{b}z").reveal(), "x{b}y1z");
  EXPECT_EQ(words.fill("plain").reveal(), "plain");
  EXPECT_EQ(words.fill("Bearer {none}").reveal(), "");
  EXPECT_EQ(words.fill("Bearer {unknown}").reveal(), "");
  EXPECT_THROW((void)words.fill("{a"), Bug);
}

TEST(RequestTest, the_last_word_of_a_name_counts) {
  Words words;
  words.set("a", Secret<>("1"));
  words.set("a", Secret<>("2"));

  EXPECT_EQ(words.fill("{a}").reveal(), "2");
}

TEST(RequestTest, everything_that_is_not_unreserved_is_encoded) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded(" &=+%/?#\r\n"), "%20%26%3D%2B%25%2F%3F%23%0D%0A");
  EXPECT_EQ(percent_encoded("я"), "%D1%8F");
}

TEST(RequestTest, basic_credentials_are_encoded_before_they_are_joined) {
  EXPECT_EQ(basic_credentials("s6BhdRkqt3", Secret<>("7Fjfp0ZBr1KtDRbnfVdmIw")).reveal(),
            "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
  EXPECT_EQ(basic_credentials("a:b", Secret<>("c d")).reveal(), "YSUzQWI6YyUyMGQ=");
}

TEST(RequestTest, each_body_puts_parameters_in_its_place) {
  const Parameter parameters[] = {{"t", "{token}"}, {"e", "{empty}"}, {"f", "json"}};
  const Places places{"", "", "https://a.test/x", "", ""};
  Words words;
  words.set("token", Secret<>("a\"&b"));
  words.set("id", Secret<>("7"));
  const auto request = [&](Body body) {
    return request_of({.place = Place::user_info, .path = "/{id}", .body = body, .parameters = parameters}, places,
                      words);
  };

  EXPECT_EQ(request(Body::none).url, "https://a.test/x/7?t=a%22%26b&f=json");
  EXPECT_FALSE(request(Body::none).form);
  EXPECT_EQ(request(Body::form).form->reveal(), "t=a%22%26b&f=json");
  EXPECT_EQ(request(Body::form).url, "https://a.test/x/7");
  EXPECT_EQ(request(Body::json).form->reveal(), R"({"t":"a\"&b","f":"json"})");
  EXPECT_EQ(request(Body::json).url, "https://a.test/x/7");
}

TEST(RequestTest, a_body_is_there_though_it_is_empty) {
  const Places places{"", "", "https://a.test/x", "", ""};

  EXPECT_EQ(request_of({.place = Place::user_info, .body = Body::form}, places, Words()).form->reveal(), "");
  EXPECT_EQ(request_of({.place = Place::user_info, .body = Body::json}, places, Words()).form->reveal(), "{}");
}

TEST(RequestTest, a_query_is_added_to_the_one_that_is_there) {
  const Parameter parameters[] = {{"a", "1"}};

  EXPECT_EQ(address_of("https://a.test/x", parameters, Words()), "https://a.test/x?a=1");
  EXPECT_EQ(address_of("https://a.test/x?y=2", parameters, Words()), "https://a.test/x?y=2&a=1");
}

TEST(RequestTest, a_question_that_shows_our_secret_is_known) {
  const Parameter with_secret[] = {{"client_secret", "{client_secret}"}};

  EXPECT_TRUE(speaks_as_client({.parameters = with_secret}));
  EXPECT_TRUE(speaks_as_client({.authorization = "Basic {basic}"}));
  EXPECT_FALSE(speaks_as_client({.authorization = "Bearer {token}"}));
}

}  // namespace
}  // namespace propusk::providers
