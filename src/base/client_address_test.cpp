// Addresses and networks: one value per address, whatever its spelling, and no spelling that a person would misread.
#include "base/client_address.hpp"

#include <gtest/gtest.h>

namespace propusk {
namespace {

TEST(ClientAddress, an_ipv4_mapped_spelling_is_the_ipv4_address) {
  const auto mapped = ClientAddress::parse("::ffff:1.2.3.4");
  const auto hexadecimal = ClientAddress::parse("::FFFF:102:304");
  const auto plain = ClientAddress::parse("1.2.3.4");

  ASSERT_TRUE(mapped && hexadecimal && plain);
  EXPECT_EQ(*mapped, *plain);
  EXPECT_EQ(*hexadecimal, *plain);
  EXPECT_TRUE(plain->is_v4());
  EXPECT_EQ(mapped->to_string(), "1.2.3.4");
}

TEST(ClientAddress, every_ipv6_spelling_is_the_same_value_and_prints_shortest) {
  const auto shortest = ClientAddress::parse("2001:db8::1");

  EXPECT_EQ(ClientAddress::parse("2001:0DB8:0000:0000:0000:0000:0000:0001"), shortest);
  EXPECT_EQ(ClientAddress::parse("2001:db8:0::0:1"), shortest);
  EXPECT_EQ(shortest->to_string(), "2001:db8::1");
  EXPECT_FALSE(shortest->is_v4());
  EXPECT_EQ(ClientAddress{}.to_string(), "::");
}

TEST(ClientAddress, anything_but_a_bare_address_is_refused) {
  for (std::string_view text : {"",
                                " ",
                                "1.2.3",
                                "1.2.3.4.5",
                                "256.1.1.1",
                                "01.2.3.4",
                                "0x7f.0.0.1",
                                "2130706433",
                                " 1.2.3.4",
                                "1.2.3.4 ",
                                "1.2.3.4:80",
                                "[::1]",
                                "::1%lo",
                                "1::2::3",
                                ":::",
                                "12345::",
                                "::1/64",
                                "localhost",
                                "unknown",
                                "2001:0db8:0000:0000:0000:0000:0000:0001:0002",
                                "0000:0000:0000:0000:0000:ffff:255.255.255.2555"})
    EXPECT_FALSE(ClientAddress::parse(text)) << text;
  using namespace std::string_view_literals;
  EXPECT_FALSE(ClientAddress::parse("1.2.3.4\0"sv));
  EXPECT_FALSE(ClientAddress::parse("1.2.3.4\0.example"sv));
}

TEST(ClientAddress, loopback_is_all_of_127_and_the_one_of_ipv6) {
  for (std::string_view text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(ClientAddress::parse(text)->is_loopback()) << text;
  for (std::string_view text : {"128.0.0.1", "126.255.255.255", "::", "::2", "1::1", "::127.0.0.1", "0.0.0.0"})
    EXPECT_FALSE(ClientAddress::parse(text)->is_loopback()) << text;
}

TEST(ClientAddress, strangers_are_counted_by_ipv4_address_and_by_ipv6_64) {
  EXPECT_EQ(ClientAddress::parse("203.0.113.7")->prefix().to_string(), "203.0.113.7");
  EXPECT_EQ(ClientAddress::parse("2001:db8:1:2:3:4:5:6")->prefix().to_string(), "2001:db8:1:2::");
  EXPECT_NE(ClientAddress::parse("2001:db8:1:2::1")->prefix(), ClientAddress::parse("2001:db8:1:3::1")->prefix());
}

TEST(Network, an_ipv4_prefix_counts_from_the_mapped_start) {
  const auto ten = Network::parse("10.0.0.0/8");

  ASSERT_TRUE(ten);
  EXPECT_EQ(ten->prefix_bits, 104U);
  EXPECT_TRUE(ten->contains(*ClientAddress::parse("10.255.255.255")));
  EXPECT_TRUE(ten->contains(*ClientAddress::parse("::ffff:10.1.2.3")));
  EXPECT_FALSE(ten->contains(*ClientAddress::parse("11.0.0.0")));
  EXPECT_FALSE(ten->contains(*ClientAddress::parse("a00::")));
  EXPECT_TRUE(Network::parse("::ffff:10.0.0.0/104")->contains(*ClientAddress::parse("10.9.9.9")));
}

TEST(Network, prefixes_that_end_inside_a_byte_are_exact) {
  const auto net = Network::parse("192.0.2.64/27");
  ASSERT_TRUE(net);
  EXPECT_TRUE(net->contains(*ClientAddress::parse("192.0.2.64")));
  EXPECT_TRUE(net->contains(*ClientAddress::parse("192.0.2.95")));
  EXPECT_FALSE(net->contains(*ClientAddress::parse("192.0.2.63")));
  EXPECT_FALSE(net->contains(*ClientAddress::parse("192.0.2.96")));

  const auto seven = Network::parse("fc00::/7");
  ASSERT_TRUE(seven);
  EXPECT_TRUE(seven->contains(*ClientAddress::parse("fdff::1")));
  EXPECT_FALSE(seven->contains(*ClientAddress::parse("fe00::1")));
}

TEST(Network, a_bare_address_is_itself_and_a_zero_prefix_is_its_whole_family) {
  EXPECT_EQ(Network::parse("192.0.2.1")->prefix_bits, 128U);
  EXPECT_FALSE(Network::parse("192.0.2.1")->contains(*ClientAddress::parse("192.0.2.2")));
  EXPECT_TRUE(Network::parse("192.0.2.1/32")->contains(*ClientAddress::parse("192.0.2.1")));
  EXPECT_TRUE(Network::parse("0.0.0.0/0")->contains(*ClientAddress::parse("255.255.255.255")));
  EXPECT_FALSE(Network::parse("0.0.0.0/0")->contains(*ClientAddress::parse("2001:db8::1")));
  EXPECT_TRUE(Network::parse("::/0")->contains(*ClientAddress::parse("2001:db8::1")));
  EXPECT_TRUE(Network::parse("::1/128")->contains(*ClientAddress::parse("::1")));
}

TEST(Network, bits_beyond_the_prefix_and_sloppy_prefixes_are_refused) {
  for (std::string_view text :
       {"10.0.0.1/8", "192.0.2.65/27", "fd00::1/8", "2001:db8:8000::/32", "10.0.0.0/33", "::/129", "10.0.0.0/", "/8",
        "", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/8 ", "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0", "10/8", "10.0.0.0/4294967304", "[fd00::]/8"})
    EXPECT_FALSE(Network::parse(text)) << text;
}

}  // namespace
}  // namespace propusk
