// The cookie of a browser session, and its key.
#include "browser/session_cookie.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::browser {
namespace {

class SessionCookie : public ::testing::Test {
 protected:
  /// The header line of a session cookie that is set at the epoch.
  static std::string line(const CookieScope& scope, bool is_secure) {
    http::Request request;
    request.is_secure = is_secure;
    http::Reply reply;
    set_cookie(scope, request, session_cookie("k"), Instant{}, reply);
    return reply.lines();
  }
};

TEST_F(SessionCookie, IsForFourteenDaysAndForNoScript) {
  EXPECT_EQ(line({"", "http://127.0.0.1"}, false),
            "Set-Cookie: sessionid=k; expires=Thu, 15 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=1209600; Path=/; "
            "SameSite=Lax\r\n");
}

TEST_F(SessionCookie, NeverTravelsInTheClearWhereTheSiteIsHttps) {
  for (const auto& [origin, is_secure] : {std::pair{"http://a.example", true}, std::pair{"https://a.example", false},
                                          std::pair{"https://a.example", true}})
    EXPECT_TRUE(line({"", origin}, is_secure).ends_with("; Secure\r\n")) << origin << is_secure;
  EXPECT_EQ(line({"", "http://https.example"}, false).find("Secure"), std::string::npos);
}

TEST_F(SessionCookie, IsOfTheDomainOfTheSettings) {
  EXPECT_TRUE(line({"example.org", ""}, false).contains("; Domain=example.org;"));
}

TEST_F(SessionCookie, AKeyIsThirtyTwoLettersAndDigits) {
  testing::SeededRandom random(319);
  EXPECT_TRUE(is_session_key(new_session_key(random)));
  const std::string key(32, 'a');
  EXPECT_TRUE(is_session_key(key));
  for (const std::string& wrong :
       {key.substr(1), key + "a", key.substr(1) + "A", "\"" + key.substr(1), key.substr(1) + " ", std::string()})
    EXPECT_FALSE(is_session_key(wrong)) << wrong;
}

}  // namespace
}  // namespace propusk::browser
