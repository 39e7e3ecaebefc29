// What handlers write into a reply, byte for byte.
#include "http/reply.hpp"

#include <gtest/gtest.h>

#include "base/bug.hpp"

namespace propusk::http {
namespace {

using namespace std::chrono_literals;
constexpr Instant now = instant(1'767'225'600'000'000);  // 2026-01-01 00:00:00 UTC

TEST(Reply, WritesCookieAttributesInDjangosOrder) {
  Reply reply;

  reply.cookie({.name = "sid", .value = "abc", .max_age = 1209600s, .http_only = true, .secure = true}, now);

  EXPECT_EQ(reply.lines(),
            "Set-Cookie: sid=abc; expires=Thu, 15 Jan 2026 00:00:00 GMT; HttpOnly; Max-Age=1209600; Path=/; "
            "SameSite=Lax; Secure\r\n");
}

TEST(Reply, WritesARemovalAndABrowserCookie) {
  Reply reply;

  reply.cookie({.name = "sid", .value = "\"\"", .max_age = 0s}, now)
      .cookie({.name = "b", .value = "1", .max_age = {}, .domain = "x.example"}, now);

  EXPECT_EQ(reply.lines(),
            "Set-Cookie: sid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax\r\n"
            "Set-Cookie: b=1; Domain=x.example; Path=/; SameSite=Lax\r\n");
}

TEST(Reply, RefusesLinesThatWouldSplitTheAnswer) {
  Reply reply;

  EXPECT_THROW(reply.header("X", "a\r\nSet-Cookie: b=c"), Bug);
  EXPECT_THROW(reply.header("X", std::string_view("a\0b", 3)), Bug);
  EXPECT_THROW(reply.cookie({.name = "a", .value = "b; Path=/x", .max_age = {}}, now), Bug);
  EXPECT_EQ(reply.lines(), "");
}

TEST(Reply, IsFreshAfterClear) {
  Reply reply;
  reply.header("X", "1").body("text").close().status = 404;

  reply.clear();

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.lines() + reply.body(), "");
  EXPECT_FALSE(reply.closes());
}

TEST(Reply, NamesTheStandardReasons) {
  EXPECT_EQ(reason_phrase(407), "Proxy Authentication Required");
  EXPECT_EQ(reason_phrase(799), "");
}

}  // namespace
}  // namespace propusk::http
