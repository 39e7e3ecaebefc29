// Where a person is led after signing in: to a path of ours, whatever a link says.
#include "web/next_path.hpp"

#include <gtest/gtest.h>

#include <string>

namespace propusk::web {
namespace {

std::optional<std::string> next_of(std::string_view query) {
  http::Request request;
  request.query = query;
  return next_path(request);
}

TEST(NextPath, APathOfOursIsTaken) {
  for (const char* path : {"/", "/accounts/", "/auth/authorize?client_id=a&redirect_uri=https://app.example/cb",
                           "/a/b?c=d#e", "/%2F%2Fevil.example", "/a:b@c", "/.well-known/x"})
    EXPECT_TRUE(is_own_path(path)) << path;
  EXPECT_EQ(next_of("next=/accounts/password/"), "/accounts/password/");
  EXPECT_EQ(next_of("lang=ru&next=%2Faccounts%2Femail%2F%3Fa%3Db"), "/accounts/email/?a=b");
  EXPECT_EQ(next_of("next=/a&next=/b"), "/b");
}

// What browsers make another site of, and what they clean up before they do.
TEST(NextPath, ALinkToElsewhereIsNone) {
  const std::string_view corpus[] = {
      "",
      "accounts/",
      "//evil.example",
      "///evil.example",
      "////evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "\\/evil.example",
      "/\\/evil.example",
      "https://evil.example",
      "https:evil.example",
      "https:/evil.example",
      "HTTP://evil.example",
      "javascript:alert(1)",
      "data:text/html,x",
      "@evil.example",
      ".evil.example",
      "/a//evil.example",
      "/.//evil.example",
      "/..//evil.example",
      "/\t/evil.example",
      "\t//evil.example",
      " //evil.example",
      "/ /evil.example",
      "/\n/evil.example",
      "/\r\nSet-Cookie: a=b",
      "/a\r\nLocation: https://evil.example",
      "/\x7f/evil.example",
      "/а",
      "/。",
      "/a\\b",
      "/accounts/ ",
      "?next=/a",
      "#/a",
  };
  for (std::string_view text : corpus) EXPECT_FALSE(is_own_path(text)) << text;
  EXPECT_FALSE(is_own_path(std::string_view("/\0a", 3)));
  EXPECT_FALSE(is_own_path("/" + std::string(2'000, 'a')));
  EXPECT_TRUE(is_own_path("/" + std::string(1'999, 'a')));
}

TEST(NextPath, WhatIsEncodedIsJudgedAsItIsSent) {
  for (const char* query : {"next=%2F%2Fevil.example", "next=/%5Cevil.example", "next=%2f%09%2fevil.example",
                            "next=/%0d%0aSet-Cookie:a=b", "next=https%3A%2F%2Fevil.example", "next=", "next",
                            "other=/a", "next=%ff", "next=+//evil.example", "next=/a&next=//evil.example"})
    EXPECT_FALSE(next_of(query)) << query;
}

TEST(NextPath, ComesBackAsItWentThroughAQuery) {
  const std::string target = sign_in_path("/a?c=d&e=%2f#f+g");
  EXPECT_EQ(target, "/accounts/login/?next=/a%3Fc%3Dd%26e%3D%252f%23f%2Bg");
  EXPECT_EQ(next_of(std::string_view(target).substr(target.find('?') + 1)), "/a?c=d&e=%2f#f+g");
}

}  // namespace
}  // namespace propusk::web
