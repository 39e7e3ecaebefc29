// The policy for new passwords: each rule, its edges, and the whole common list.
#include "core/passwords/password_policy.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace propusk::core {
namespace {

Refusals judge(std::string text) { return PasswordPolicy{}.judge(Secret<>(std::move(text))); }

TEST(PasswordPolicy, AcceptsALongUncommonPassword) { EXPECT_FALSE(judge("slojniypass1").any()); }

TEST(PasswordPolicy, CountsCodePointsNotBytes) {
  EXPECT_TRUE(judge("пароли7").has(Refusal::password_too_short));    // 7 code points, 13 bytes
  EXPECT_FALSE(judge("паролик7").has(Refusal::password_too_short));  // 8
}

TEST(PasswordPolicy, TellsEveryProblemAtOnce) {
  EXPECT_EQ(judge("12345"),
            (Refusals{Refusal::password_too_short, Refusal::password_common, Refusal::password_numeric}));
}

TEST(PasswordPolicy, RefusesDigitsOnly) {
  EXPECT_EQ(judge("98989898123123123777"), Refusals{Refusal::password_numeric});
  EXPECT_FALSE(judge("9898989812312312377x").any());
  EXPECT_EQ(judge("٩٨٩٨٩٨٩٨١٢٣١٢٣"), Refusals{Refusal::password_numeric});  // of any script
}

TEST(PasswordPolicy, EndsAt4096Bytes) {
  EXPECT_FALSE(judge(std::string(4095, 'x') + "y").any());
  EXPECT_EQ(judge(std::string(4097, 'x')), Refusals{Refusal::password_too_long});
}

TEST(PasswordPolicy, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(judge("slojniy\xff\xfepass"), Refusals{Refusal::password_malformed});
}

TEST(CommonPasswords, EveryLineOfTheListIsFound) {
  std::ifstream list(PROPUSK_SOURCE_DIR "/src/core/passwords/common_passwords.txt");
  std::size_t lines = 0;
  for (std::string line; std::getline(list, line); ++lines) ASSERT_TRUE(is_common_password(line)) << line;
  EXPECT_EQ(lines, 19'727U);
}

TEST(CommonPasswords, CaseAndSurroundingSpaceDoNotHide) {
  EXPECT_TRUE(is_common_password("PassWord"));
  EXPECT_TRUE(is_common_password(" \tpassword\n"));
}

TEST(CommonPasswords, NeighboursOfTheListAreNotFound) {
  for (const char* other :
       {"", " ", "passwor", "passwordd", "!!~", "~~~~~~~~", "zzzzzzzzzzzzzzzzzzzzz", "slojniypass1"})
    EXPECT_FALSE(is_common_password(other)) << other;
}

}  // namespace
}  // namespace propusk::core
