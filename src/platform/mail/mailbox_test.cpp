// Addresses that may be written to an envelope, and those that must never be.
#include "platform/mail/mailbox.hpp"

#include <gtest/gtest.h>

namespace propusk::platform {
namespace {
using namespace std::string_literals;

TEST(MailboxTest, ordinary_addresses_pass_as_they_are) {
  for (const char* typed : {"ann@example.org", "Ann.O'Neil+tag@example.org", "\"a b@c\"@example.org", "a@[192.0.2.1]",
                            "a@[IPv6:2001:db8::1]", "root@localhost"}) {
    const auto parsed = mailbox(typed);
    ASSERT_TRUE(parsed) << typed;
    EXPECT_EQ(parsed->text(), typed);
    EXPECT_FALSE(parsed->needs_utf8);
  }
}

TEST(MailboxTest, a_domain_of_other_letters_becomes_ascii) {
  EXPECT_EQ(mailbox("ann@ПРИМЕР.рф")->text(), "ann@xn--e1afmkfd.xn--p1ai");
  EXPECT_FALSE(mailbox("ann@пример.рф")->needs_utf8);
}

TEST(MailboxTest, a_local_part_of_other_letters_needs_a_server_that_takes_it) {
  const auto parsed = mailbox("аня@пример.рф");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->needs_utf8);
  EXPECT_EQ(parsed->text(), "аня@xn--e1afmkfd.xn--p1ai");
}

TEST(MailboxTest, nothing_that_could_be_a_command_or_a_header_passes) {
  for (const std::string& typed : {""s,
                                   "ann"s,
                                   "@example.org"s,
                                   "ann@"s,
                                   "ann@example.org\r\nRCPT TO:<eve@evil.example>"s,
                                   "ann\r\n@example.org"s,
                                   "ann\n@example.org"s,
                                   "ann\0@example.org"s,
                                   "ann@example.org\0"s,
                                   "a b@example.org"s,
                                   "ann>@example.org"s,
                                   "<ann@example.org>"s,
                                   "ann@example.org> SIZE=1"s,
                                   "ann@exa mple.org"s,
                                   ".a@example.org"s,
                                   "a..b@example.org"s,
                                   "\"a@example.org"s,
                                   "\"a\"b\"@example.org"s,
                                   "\"a\\\"@example.org"s,
                                   "\"\t\"@example.org"s,
                                   "a,b@example.org"s,
                                   "a@b@example.org"s,
                                   "ann@[evil]"s,
                                   "ann@[]"s,
                                   "\xff@example.org"s,
                                   "a\xe2\x80\xae@example.org"s,
                                   std::string(65, 'a') + "@example.org",
                                   "a@" + std::string(64, 'a') + ".org"})
    EXPECT_FALSE(mailbox(typed)) << typed;
}

}  // namespace
}  // namespace propusk::platform
