// Which address counts behind which proxies.
#include "http/forwarded.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

ClientAddress address(std::string_view text) { return ClientAddress::parse(text).value(); }

class Forwarded : public ::testing::Test {
 protected:
  std::string seen(std::vector<Header> headers, std::string_view peer = "10.0.0.1") {
    origin = origin_of({address(peer), false}, trusted, headers);
    return origin.address.to_string();
  }
  std::vector<Network> trusted = {Network::parse("10.0.0.0/8").value(), Network::parse("fd00::/8").value()};
  Origin origin;
};

TEST_F(Forwarded, TakesTheLastEntryThatATrustedHopWrote) {
  EXPECT_EQ(seen({{"X-Forwarded-For", "6.6.6.6, 192.0.2.7"}}), "192.0.2.7");
  EXPECT_EQ(seen({{"x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.2.3.4"}}), "192.0.2.7");
  EXPECT_EQ(seen({{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "192.0.2.7"}}), "192.0.2.7");
  EXPECT_EQ(seen({{"X-Forwarded-For", "10.9.9.9,10.2.3.4"}}), "10.9.9.9");
  EXPECT_EQ(seen({{"X-Forwarded-For", "[2001:db8::1]:443"}}), "2001:db8::1");
  EXPECT_EQ(seen({{"X-Forwarded-For", "192.0.2.7:5555"}}), "192.0.2.7");
}

TEST_F(Forwarded, StopsAtWhatIsNoAddress) {
  EXPECT_EQ(seen({{"X-Forwarded-For", "192.0.2.7, unknown, 10.2.3.4"}}), "10.2.3.4");
  EXPECT_EQ(seen({{"X-Forwarded-For", ""}}), "10.0.0.1");
  EXPECT_EQ(seen({{"X-Forwarded-For", "["}}), "10.0.0.1");
  EXPECT_EQ(seen({{"X-Forwarded-For", "192.0.2.7,"}}), "10.0.0.1");
}

TEST_F(Forwarded, IgnoresAndReportsStrangers) {
  EXPECT_EQ(seen({{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", "https"}}, "203.0.113.9"), "203.0.113.9");
  EXPECT_TRUE(origin.was_ignored);
  EXPECT_FALSE(origin.is_secure);

  EXPECT_EQ(seen({{"Accept", "*/*"}}, "203.0.113.9"), "203.0.113.9");
  EXPECT_FALSE(origin.was_ignored);
}

TEST_F(Forwarded, BelievesATrustedPeersScheme) {
  seen({{"X-Forwarded-Proto", "HTTPS"}});
  EXPECT_TRUE(origin.is_secure);
  seen({{"X-Forwarded-Proto", "https, http"}});
  EXPECT_FALSE(origin.is_secure);
  EXPECT_TRUE(origin_of({address("203.0.113.9"), true}, trusted, {}).is_secure);
}

TEST(UserAgent, IsCutToPrintableText) {
  std::string out = "old";

  assign_user_agent(out, "a\tb\xd0\xbf c\x7f");
  EXPECT_EQ(out, "ab c");
  assign_user_agent(out, std::string(5000, 'x'));
  EXPECT_EQ(out.size(), 200U);
}

}  // namespace
}  // namespace propusk::http
