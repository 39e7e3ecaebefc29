// Links: their secrets, the form of a secret from outside, and how accounts are named in them.
#include "core/links/link.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {

TEST(Link, EveryPurposeIsFoundByItsStoredName) {
  for (const LinkPurposeRow& row : link_purposes) {
    EXPECT_EQ(link_purpose(row.name), row.purpose);
    EXPECT_EQ(row_of(row.purpose).name, row.name);
  }
  EXPECT_FALSE(link_purpose("undo"));
  EXPECT_FALSE(link_purpose(""));
}

TEST(Link, SecretsHave256BitsOfTheRandomSourceAndTheFormThatIsChecked) {
  testing::SeededRandom random;

  const Secret<> one = new_link_secret(random), two = new_link_secret(random);

  EXPECT_EQ(one.reveal().size(), 43U);
  EXPECT_TRUE(is_link_secret(one.reveal()));
  EXPECT_FALSE(one == two);
}

TEST(Link, ASecretFromOutsideIs43CharactersOfBase64url) {
  EXPECT_TRUE(is_link_secret("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm-_09"));
  EXPECT_FALSE(is_link_secret(""));
  EXPECT_FALSE(is_link_secret(std::string(42, 'a')));
  EXPECT_FALSE(is_link_secret(std::string(44, 'a')));
  for (const char bad : {'=', '+', '/', '.', ' ', '\0', '\x80'})
    EXPECT_FALSE(is_link_secret(std::string(42, 'a') + bad)) << static_cast<int>(bad);
}

TEST(Link, AccountsAreNamedAsInTheRecordedLinks) {
  EXPECT_EQ(uid_of(AccountId{7}), "Nw");
  EXPECT_EQ(uid_of(AccountId{12345}), "MTIzNDU");
  EXPECT_EQ(account_of_uid("Nw"), AccountId{7});
  EXPECT_EQ(account_of_uid("MTIzNDU"), AccountId{12345});
  EXPECT_EQ(account_of_uid("Ms"), AccountId{2});  // trailing bits, as recorded
}

TEST(Link, EveryAccountIdComesBackFromItsUid) {
  for (const std::int64_t id : {std::int64_t{1}, std::int64_t{0x7fff'ffff}, INT64_MAX})
    EXPECT_EQ(account_of_uid(uid_of(AccountId{id})), AccountId{id}) << id;
}

TEST(Link, AUidThatNoAccountCanHaveIsNobody) {
  for (const char* bad : {"", "M", "MA" /* 0 */, "LTE" /* -1 */, "KzE" /* +1 */, "MDc" /* 07 */, "IDc" /* " 7" */,
                          "Nwo" /* "7\n" */, "Nw==", "YWJj" /* abc */, "N!", "N\xd1\x8f",
                          "OTIyMzM3MjAzNjg1NDc3NTgwOA" /* 2^63 */, "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA" /* 20 digits */})
    EXPECT_FALSE(account_of_uid(bad)) << bad;
  EXPECT_FALSE(account_of_uid(std::string(100'000, 'M')));
}

}  // namespace
}  // namespace propusk::core
