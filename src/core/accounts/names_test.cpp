// Names: the recorded servers' rules, and what lies just outside them.
#include "core/accounts/names.hpp"

#include <gtest/gtest.h>

#include <string>

namespace propusk::core {
namespace {

TEST(Username, SlugTakesLettersDigitsHyphenAndUnderscore) {
  for (const char* good : {"ann", "ANN", "123", "a-b_c", "-", "_"})
    EXPECT_TRUE(is_username(good, UsernameShape::slug)) << good;
}

TEST(Username, SlugRefusesEverythingElse) {
  for (const char* bad : {"", "a b", "a.b", "a@b.co", "a+b", "abc\n", "анна", "a\xc2\xa0"})
    EXPECT_FALSE(is_username(bad, UsernameShape::slug)) << bad;
  EXPECT_FALSE(is_username(std::string_view("a\0b", 3), UsernameShape::slug));
}

TEST(Username, SlugEndsAt150) {
  EXPECT_TRUE(is_username(std::string(150, 'u'), UsernameShape::slug));
  EXPECT_FALSE(is_username(std::string(151, 'u'), UsernameShape::slug));
}

TEST(Username, WordTakesLettersOfEveryScriptAndAFewMarks) {
  for (const char* good : {"ann", "анна", "安", "أنا", "a@b.co", "a.b+c-d_e", "é", "e\u0301"})
    EXPECT_TRUE(is_username(good, UsernameShape::word)) << good;
}

TEST(Username, WordRefusesWhatIsNotSeenAndWhatIsAnotherPath) {
  for (const char* bad : {"", "a b", " ", "ann\n", "a\tb", "a\u00a0b", "a\u3000b", "a/b", "/", "a\u200bb", "a\u0085b",
                          "a\u00adb", "a\u202eb", "\ufeffann", "a\x7f", "a\xff"})
    EXPECT_FALSE(is_username(bad, UsernameShape::word)) << bad;
  EXPECT_FALSE(is_username(std::string_view("a\0b", 3), UsernameShape::word));
}

TEST(Username, WordEndsAt150CodePoints) {
  std::string name;
  for (int i = 0; i < 150; ++i) name += "я";
  EXPECT_TRUE(is_username(name, UsernameShape::word));
  EXPECT_FALSE(is_username(name + "я", UsernameShape::word));
}

TEST(Email, TakesWhatDjangoTakes) {
  for (const char* good : {"a@b.co", "ann@example.test", "first.last+tag@sub.example.org", "email@localhost",
                           "email@[127.0.0.1]", "email@[2001:dB8::1]", "\"quoted\"@example.test",
                           "\"a\\\"b\"@example.test", "email@domain.with.idn.tld.उदाहरण.परीक्षा",
                           "weirder-email@here.and.there.com", "!def!xyz%abc@example.com", "_a@b.co"})
    EXPECT_TRUE(is_email(good)) << good;
}

TEST(Email, RefusesWhatDjangoRefuses) {
  for (const char* bad : {"",          "nope",          "@b.co",        "a@",
                          "a@b",       " a@b.co ",      "a b@c.co",     "a@b..co",
                          "a@-b.co",   "a@b-.co",       ".a@b.co",      "a.@b.co",
                          "a..b@c.co", "a@b.c",         "a@b.co\n",     "a@[127.0.0.256]",
                          "a@[::1",    "\"a\nb\"@c.co", "\"a b\"@c.co", "аня@пример.рф",
                          "a@.b.co",   "a@b.co.",       "a@@b.co x",    "\"\\\"@b.co"})
    EXPECT_FALSE(is_email(bad)) << bad;
  EXPECT_FALSE(is_email(std::string_view("a\0@b.co", 7)));
}

TEST(Email, EndsAt320CodePoints) {
  const std::string domain = "@" + std::string(60, 'b') + ".com";
  EXPECT_TRUE(is_email(std::string(320 - domain.size(), 'a') + domain));
  EXPECT_FALSE(is_email(std::string(321 - domain.size(), 'a') + domain));
}

TEST(Email, LabelsEndAt63) {
  EXPECT_TRUE(is_email("a@" + std::string(63, 'b') + ".com"));
  EXPECT_FALSE(is_email("a@" + std::string(64, 'b') + ".com"));
}

}  // namespace
}  // namespace propusk::core
