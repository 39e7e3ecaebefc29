// Which addresses providers are never asked at: the special ones, in every form that carries them.
#include "platform/outbound/special_addresses.hpp"

#include <gtest/gtest.h>

namespace propusk::platform {
namespace {

TEST(SpecialAddresses, AreThoseOfTheRegistriesInEveryForm) {
  for (const char* text : {"0.0.0.0",
                           "10.0.0.1",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001:db8::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::"}) {
    const auto address = ClientAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_TRUE(is_special(*address)) << text;
  }
}

TEST(SpecialAddresses, AreNotThoseOfTheInternet) {
  for (const char* text : {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "172.15.255.255",
                           "172.32.0.1", "192.167.255.255", "192.169.0.1", "2606:4700::1111", "2a02:6b8::1"}) {
    const auto address = ClientAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(is_special(*address)) << text;
  }
}

}  // namespace
}  // namespace propusk::platform
