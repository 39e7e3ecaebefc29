// Which addresses providers are never asked at: the special ones, in every form that carries them.
#include "platform/outbound/special_addresses.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string_view>

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

/// The first and the last address of each block of the registry.
TEST(SpecialAddresses, IPv4BlocksAreSpecialFromTheFirstToTheLastAddress) {
  for (const char* address :
       {"0.0.0.0",         "0.255.255.255",   "10.0.0.0",       "10.255.255.255",  "100.64.0.0",    "100.127.255.255",
        "127.0.0.0",       "127.255.255.255", "169.254.0.0",    "169.254.255.255", "172.16.0.0",    "172.31.255.255",
        "192.0.0.0",       "192.0.0.255",     "192.0.2.0",      "192.0.2.255",     "192.31.196.0",  "192.52.193.255",
        "192.88.99.0",     "192.88.99.255",   "192.168.0.0",    "192.168.255.255", "192.175.48.1",  "198.18.0.0",
        "198.19.255.255",  "198.51.100.0",    "198.51.100.255", "203.0.113.0",     "203.0.113.255", "224.0.0.0",
        "239.255.255.255", "240.0.0.0",       "255.255.255.255"})
    EXPECT_TRUE(is_special(ClientAddress::parse(address).value())) << address;
}

TEST(SpecialAddresses, TheirIPv4NeighboursAreNot) {
  for (const char* address :
       {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",      "100.63.255.255", "100.128.0.0",     "126.255.255.255",
        "128.0.0.0",       "169.253.255.255", "169.255.0.0",   "172.15.255.255", "172.32.0.0",      "191.255.255.255",
        "192.0.1.0",       "192.0.3.0",       "192.88.98.255", "192.88.100.0",   "192.167.255.255", "192.169.0.0",
        "198.17.255.255",  "198.20.0.0",      "198.51.99.255", "198.51.101.0",   "203.0.112.255",   "203.0.114.0",
        "223.255.255.255", "87.250.250.242"})
    EXPECT_FALSE(is_special(ClientAddress::parse(address).value())) << address;
}

TEST(SpecialAddresses, IPv6IsSpecialOutsideGlobalUnicastAndInPartsOfIt) {
  for (const char* address : {"::",
                              "::1",
                              "::7f00:1",
                              "::10.0.0.1",
                              "::ffff:0:7f00:1",
                              "64:ff9b:1::",
                              "64:ff9b:1:ffff::7f00:1",
                              "100::1",
                              "1fff:ffff::",
                              "2001::",
                              "2001:0:53aa:64c::1",
                              "2001:2::1",
                              "2001:1ff:ffff::1",
                              "2001:db8::",
                              "2001:db8:ffff::1",
                              "2002::",
                              "2002:7f00:1::",
                              "2002:808:808::1",
                              "2620:4f:8000::1",
                              "3fff::",
                              "3fff:fff::1",
                              "4000::",
                              "5f00::1",
                              "fc00::",
                              "fd00::1",
                              "fdff:ffff::1",
                              "fe80::1",
                              "febf::1",
                              "fec0::1",
                              "ff02::1",
                              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
    EXPECT_TRUE(is_special(ClientAddress::parse(address).value())) << address;
  for (const char* address : {"2000::1", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2620:4f:8001::1",
                              "2a02:6b8::2:242", "3ffe:ffff::1", "2001:db7::1", "2001:db9::1"})
    EXPECT_FALSE(is_special(ClientAddress::parse(address).value())) << address;
}

TEST(SpecialAddresses, WhatIsEmbeddedIsJudgedWhereItIsReallyReached) {
  for (const char* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
                              "64:ff9b::169.254.169.254", "64:ff9b::"})
    EXPECT_TRUE(is_special(ClientAddress::parse(address).value())) << address;
  EXPECT_FALSE(is_special(ClientAddress::parse("64:ff9b::8.8.8.8").value()));
}

/// Whether a socket may be connected to `text` where only `allowed` is.
bool passes(const char* text, const char* allowed = nullptr) {
  sockaddr_in v4{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
  sockaddr_in6 v6{.sin6_family = AF_INET6, .sin6_port = 0, .sin6_flowinfo = 0, .sin6_addr = {}, .sin6_scope_id = 0};
  const bool is_v6 = std::string_view(text).contains(':');
  EXPECT_EQ(is_v6 ? inet_pton(AF_INET6, text, &v6.sin6_addr) : inet_pton(AF_INET, text, &v4.sin_addr), 1) << text;
  AddressFilter filter;
  if (allowed) filter.allowed.push_back(Network::parse(allowed).value());
  return filter.lets_pass(is_v6 ? reinterpret_cast<const sockaddr&>(v6) : reinterpret_cast<const sockaddr&>(v4));
}

TEST(AddressFilter, LetsSpecialAddressesPassOnlyWhereTheyAreAllowed) {
  EXPECT_TRUE(passes("8.8.8.8"));
  EXPECT_TRUE(passes("2001:4860:4860::8888"));
  EXPECT_FALSE(passes("10.1.2.3"));
  EXPECT_TRUE(passes("10.1.2.3", "10.1.0.0/16"));
  EXPECT_FALSE(passes("10.2.2.3", "10.1.0.0/16"));
  EXPECT_FALSE(passes("::1", "127.0.0.0/8"));
  EXPECT_TRUE(passes("::1", "::1"));
}

TEST(AddressFilter, NeverLetsAMappedAddressPassWhateverItMaps) {
  EXPECT_FALSE(passes("::ffff:8.8.8.8"));
  EXPECT_FALSE(passes("::ffff:127.0.0.1"));
  EXPECT_FALSE(passes("::ffff:127.0.0.1", "127.0.0.0/8"));
}

TEST(AddressFilter, LetsNoOtherFamilyPass) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  EXPECT_FALSE(AddressFilter({*Network::parse("127.0.0.0/8")}).lets_pass(reinterpret_cast<const sockaddr&>(address)));
}

}  // namespace
}  // namespace propusk::platform
