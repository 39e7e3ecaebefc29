// Server-side request forgery: hosts that lead inside, in every spelling that libcurl understands, are never connected
// to (SECURITY.md O8).
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "platform/outbound/testing/fetching.hpp"

namespace propusk::platform {
namespace {
using namespace testing;  // Fetching and the upstreams

/// The upstream of a test is behind each of these.
std::vector<std::string> loopback_hosts() {
  return {"127.0.0.1",        "127.1",         "127.0.1",         "0x7f000001",  "0x7F.1",
          "0x7f.0x0.0x0.0x1", "2130706433",    "017700000001",    "0177.0.0.01", "127.000.000.1",
          "127.0.0.1.",       "localhost",     "LOCALHOST",       "LocalHost",   "localhost.",
          "a.localhost",      "a.b.localhost", "%6c%6f%63alhost", "127%2e0.0.1"};
}

std::vector<std::string> inner_hosts() {
  std::vector<std::string> all = loopback_hosts();
  for (const char* more : {"0.0.0.0",
                           "0",
                           "0x0",
                           "127.255.255.254",
                           "10.0.0.1",
                           "0xa000001",
                           "167772161",
                           "012.1",
                           "100.64.0.1",
                           "169.254.169.254",
                           "0xa9fea9fe",
                           "2852039166",
                           "0251.0376.0251.0376",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.170",
                           "192.168.0.1",
                           "198.18.0.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "[::1]",
                           "[::]",
                           "[0:0:0:0:0:0:0:1]",
                           "[0000::0001]",
                           "[::127.0.0.1]",
                           "[::7f00:1]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[::ffff:8.8.8.8]",
                           "[0:0:0:0:0:ffff:10.0.0.1]",
                           "[::ffff:0:127.0.0.1]",
                           "[64:ff9b::7f00:1]",
                           "[64:ff9b::10.0.0.1]",
                           "[64:ff9b::169.254.169.254]",
                           "[64:ff9b:1::127.0.0.1]",
                           "[2002:7f00:1::]",
                           "[2002:a00:1::1]",
                           "[2001:0:53aa:64c:0:0:80ff:fffe]",
                           "[2001:db8::1]",
                           "[fe80::1]",
                           "[fe80::1%25lo]",
                           "[fec0::1]",
                           "[fc00::1]",
                           "[fd00:ec2::254]",
                           "[ff02::1]",
                           "[100::1]",
                           "[5f00::1]"})
    all.emplace_back(more);
  return all;
}

std::string url_of(std::string_view host, std::uint16_t port) {
  return "https://" + std::string(host) + ":" + std::to_string(port) + "/latest/meta-data/";
}

TEST(SsrfTest, no_special_address_is_connected_to_however_it_is_written) {
  const TestAuthority authority;
  const TlsUpstream upstream(authority, ok);
  Fetching outside({.allowed = {}, .ca_file = authority.ca_file()}, false);
  for (const std::string& host : inner_hosts()) {
    const std::string outcome = told(outside.get(url_of(host, upstream.port())));
    // A name with a dot behind it may lead nowhere, by the resolver of this machine.
    EXPECT_TRUE(outcome == "forbidden_address" || (host.ends_with('.') && outcome == "unreachable"))
        << host << ": " << outcome;
  }
  EXPECT_EQ(upstream.connections(), 0U);
}

/// The test above would pass for nothing if these hosts led nowhere.
TEST(SsrfTest, without_the_filter_each_of_these_hosts_is_reached) {
  const TestAuthority authority;
  const TlsUpstream upstream(authority, ok);
  Fetching inside({.allowed = {}, .ca_file = authority.ca_file()});
  for (const std::string& host : loopback_hosts()) {
    if (host.ends_with('.')) continue;
    const std::size_t before = upstream.connections() + upstream.requests();
    inside.clock.advance(CircuitBreaker::rest);
    EXPECT_NE(told(inside.get(url_of(host, upstream.port()))), "forbidden_address") << host;
    EXPECT_NE(upstream.connections() + upstream.requests(), before) << host;
  }
}

TEST(SsrfTest, one_allowed_network_lets_in_nobody_else) {
  const TestAuthority authority;
  const TlsUpstream upstream(authority, ok);
  Fetching fetching(
      {.allowed = {*Network::parse("10.0.0.0/8"), *Network::parse("127.0.0.2")}, .ca_file = authority.ca_file()},
      false);
  for (const char* host : {"127.0.0.1", "localhost", "169.254.169.254", "[::1]"})
    EXPECT_EQ(told(fetching.get(url_of(host, upstream.port()))), "forbidden_address") << host;
  EXPECT_EQ(upstream.connections(), 0U);
}

/// A connection that was made while a network was allowed is no door for others.
TEST(SsrfTest, the_filter_of_one_fetcher_is_not_anothers) {
  const TestAuthority authority;
  const TlsUpstream upstream(authority, ok);
  Fetching inside({.allowed = {}, .ca_file = authority.ca_file()});
  Fetching outside({.allowed = {}, .ca_file = authority.ca_file()}, false);

  EXPECT_EQ(told(inside.get(url_of("localhost", upstream.port()))), "200");
  EXPECT_EQ(told(outside.get(url_of("localhost", upstream.port()))), "forbidden_address");
}

}  // namespace
}  // namespace propusk::platform
