// Which browsers pass the cross-site gate.
#include "http/cross_site.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

const CrossSiteGate& gate() {
  static const CrossSiteGate* const gate = new CrossSiteGate{"https://id.example", {"https://shop.example"}, false};
  return *gate;
}

bool is_foreign(std::vector<Header> headers, const CrossSiteGate& at = gate()) {
  Request request;
  request.headers = std::move(headers);
  return is_cross_site(at, request);
}

TEST(CrossSite, LetsNativeClientsPass) { EXPECT_FALSE(is_foreign({{"User-Agent", "okhttp/4.9"}})); }

TEST(CrossSite, BelievesFetchMetadata) {
  EXPECT_FALSE(is_foreign({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://id.example"}}));
  EXPECT_FALSE(is_foreign({{"Sec-Fetch-Site", "none"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://id.example"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "new-word"}}));
}

TEST(CrossSite, LetsListedSiblingsPass) {
  EXPECT_FALSE(is_foreign({{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://shop.example"}}));
  EXPECT_FALSE(is_foreign({{"Sec-Fetch-Site", "same-site"}, {"Referer", "https://shop.example/cart"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://blog.example"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "same-site"}}));
}

TEST(CrossSite, ComparesOriginThenReferer) {
  EXPECT_FALSE(is_foreign({{"Origin", "https://ID.example"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "null"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "https://id.example.evil"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "http://id.example"}}));
  EXPECT_TRUE(is_foreign({{"Origin", "https://evil"}, {"Referer", "https://id.example/"}}));
  EXPECT_FALSE(is_foreign({{"Referer", "https://id.example/x?y#z"}}));
  EXPECT_TRUE(is_foreign({{"Referer", "https://id.example@evil/"}}));
}

TEST(CrossSite, AnEmptyOriginOrRefererNamesNoSite) {
  EXPECT_FALSE(is_foreign({{"Origin", ""}}));
  EXPECT_FALSE(is_foreign({{"Referer", ""}}));
  EXPECT_TRUE(is_foreign({{"Origin", ""}, {"Referer", "https://evil/"}}));
  EXPECT_TRUE(is_foreign({{"Sec-Fetch-Site", "same-site"}, {"Origin", ""}}));
}

TEST(CrossSite, TakesHostForOursOnLoopbackOnly) {
  const CrossSiteGate local{"http://127.0.0.1:8080", {}, true};

  EXPECT_FALSE(is_foreign({{"Host", "localhost:8080"}, {"Origin", "http://localhost:8080"}}, local));
  EXPECT_TRUE(is_foreign({{"Host", "localhost:8080"}, {"Origin", "http://localhost:9090"}}, local));
  EXPECT_TRUE(is_foreign({{"Host", "localhost:8080"}, {"Origin", "http://localhost:8080"}}));
}

TEST(Prefetch, IsSeenInBothHeaders) {
  Request request;
  request.headers = {{"Sec-Purpose", "prefetch;prerender"}};
  EXPECT_TRUE(is_prefetch(request));
  request.headers = {{"Purpose", "Prefetch"}};
  EXPECT_TRUE(is_prefetch(request));
  request.headers = {{"Purpose", "view"}};
  EXPECT_FALSE(is_prefetch(request));
}

}  // namespace
}  // namespace propusk::http
