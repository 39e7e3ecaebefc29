// In which language a request is answered, and whose form it is.
#include "web/visit.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"
#include "web/loopback_host.hpp"

namespace propusk::web {
namespace {

class VisitTest : public ::testing::Test {
 protected:
  Visit begin(std::string_view query, std::vector<http::Header> headers) {
    request.query = query;
    request.headers = std::move(headers);
    return begin_visit(Look{gate, "site", clock, templates, assets}, request, reply);
  }
  Language language_of(std::string_view query, std::vector<http::Header> headers = {}) {
    return begin(query, std::move(headers)).language;
  }
  bool is_foreign(std::vector<http::Header> headers) {
    request.headers = std::move(headers);
    return is_foreign_form(gate, request);
  }

  http::CrossSiteGate gate{"https://id.example.org", {}, false};
  propusk::testing::FakeClock clock;
  Templates templates;
  Assets assets;
  http::Request request;
  http::Reply reply;
};

TEST_F(VisitTest, TheQueryWinsOverTheCookieAndTheCookieOverTheBrowser) {
  const http::Header russian_cookie{"Cookie", "a=b; propusk_language=ru"}, english{"Accept-Language", "en-GB,en;q=0.9"};
  EXPECT_EQ(language_of("lang=en", {russian_cookie}), Language::en);
  EXPECT_EQ(language_of("x=1&lang=ru", {english}), Language::ru);
  EXPECT_EQ(language_of("", {russian_cookie, english}), Language::ru);
  EXPECT_EQ(language_of("", {{"Accept-Language", "de, ru-RU;q=0.8, en;q=0.5"}}), Language::ru);
}

TEST_F(VisitTest, AnUnknownLanguageIsNoLanguage) {
  EXPECT_EQ(language_of(""), Language::en);
  EXPECT_EQ(language_of("", {{"Accept-Language", "de"}}), Language::en);
  EXPECT_EQ(language_of("lang=xx", {{"Accept-Language", "ru"}}), Language::ru);
  EXPECT_EQ(language_of("lang=", {{"Cookie", "propusk_language=RU"}}), Language::en);
}

TEST_F(VisitTest, OnlyAChoiceIsRemembered) {
  EXPECT_TRUE(begin("lang=ru", {}).chooses_language);
  EXPECT_FALSE(begin("", {{"Cookie", "propusk_language=ru"}}).chooses_language);
  EXPECT_FALSE(begin("lang=xx", {}).chooses_language);
}

TEST_F(VisitTest, AFormOfAnotherSiteIsForeign) {
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://www.example.org"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "https://evil.example"}}));
}

TEST_F(VisitTest, OurOwnFormPassesInOldBrowsersToo) {
  EXPECT_FALSE(is_foreign({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}));
  EXPECT_FALSE(is_foreign({{"Origin", "https://id.example.org"}}));
  EXPECT_FALSE(is_foreign({{"Origin", "null"}}));  // no Fetch Metadata, and our pages send no referrer
  EXPECT_FALSE(is_foreign({}));
}

TEST(LoopbackHost, NamesThisMachineOnly) {
  for (const char* host : {"localhost", "localhost:8080", "LOCALHOST", "a.localhost:1", "127.0.0.1:8080", "127.1.2.3",
                           "[::1]", "[::1]:8080"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"", "evil.example", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example",
                           "10.0.0.1", "[::2]", "[", "[]", "127.0.0.1.", "0.0.0.0"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

}  // namespace
}  // namespace propusk::web
