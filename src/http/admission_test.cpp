// Places: both bounds, who is exempt from the second, and that a place comes back.
#include "http/admission.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/testing/fake_clock.hpp"
#include "http/lane.hpp"

namespace propusk::http {
namespace {
struct Nobody final : ServerObserver {
  void outage(std::string_view, const Request&, std::string_view) override {}
  void bug(std::string_view, const Request&, std::string_view) override {}
  void untrusted_forwarded(const ClientAddress&) override {}
};

class AdmissionTest : public ::testing::Test {
 protected:
  static ServerSettings settings() {
    ServerSettings settings;
    settings.connections = 5;
    settings.connections_per_prefix = 2;
    settings.trusted_proxies = {*Network::parse("10.0.0.1")};
    return settings;
  }
  std::size_t admitted(const char* peer, int tries) {
    std::vector<Admission> places;
    for (int i = 0; i < tries; ++i)
      if (auto place = Admission::of(service, *ClientAddress::parse(peer))) places.push_back(std::move(*place));
    return places.size();
  }
  propusk::testing::FakeClock clock;
  Nobody observer;
  Service service{settings(), Router{}, clock, observer};
};

TEST_F(AdmissionTest, OnePrefixHasItsPart) {
  EXPECT_EQ(admitted("203.0.113.7", 4), 2U);
  EXPECT_EQ(admitted("2001:db8::1", 4), 2U);
  const auto first = Admission::of(service, *ClientAddress::parse("2001:db8::1"));
  const auto second = Admission::of(service, *ClientAddress::parse("2001:db8::2"));
  EXPECT_FALSE(Admission::of(service, *ClientAddress::parse("2001:db8::3"))) << "a /64 is one client";
  EXPECT_TRUE(Admission::of(service, *ClientAddress::parse("2001:db8:0:1::1")));
}

TEST_F(AdmissionTest, ThisMachineAndTrustedProxiesHaveTheWhole) {
  EXPECT_EQ(admitted("127.0.0.1", 9), 5U);
  EXPECT_EQ(admitted("10.0.0.1", 9), 5U);
}

TEST_F(AdmissionTest, APlaceComesBack) {
  for (int round = 0; round < 3; ++round) EXPECT_EQ(admitted("203.0.113.7", 4), 2U);
  EXPECT_EQ(service.open_connections, 0U);
}

}  // namespace
}  // namespace propusk::http
