// Argon2id strings: recorded ones verify, ours are read back, and nothing sloppy or too costly is accepted.
#include "platform/argon2.hpp"

#include <gtest/gtest.h>

#include "base/bug.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk::platform {
namespace {
constexpr Argon2Cost quick{8, 1};
Secret<> secret(std::string_view text) { return Secret<>(std::string(text)); }

TEST(Argon2, the_reference_implementations_vector_verifies) {  // phc-winner-argon2, test.c: argon2id, t=2, m=2^8, p=1
  const std::string phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  ASSERT_TRUE(parse_argon2(phc));
  EXPECT_TRUE(verify_argon2(secret("password"), phc));
  EXPECT_FALSE(verify_argon2(secret("Password"), phc));
  EXPECT_FALSE(verify_argon2(secret(""), phc));
}

TEST(Argon2, a_hash_recorded_from_django_with_eight_lanes_verifies) {  // contracts/storage.json
  const std::string phc = "$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdHNlYXNhbHRzZWFzYWx0MQ$ezRVF7e9HdAR5iykbUu1Mw";

  const auto stored = parse_argon2(phc);

  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->cost, (Argon2Cost{102'400, 2}));
  EXPECT_EQ(stored->lanes, 8U);
  EXPECT_TRUE(verify_argon2(secret("Str0ng-Pass-77"), phc));
}

TEST(Argon2, what_is_hashed_here_is_read_and_verified_here) {
  testing::SeededRandom random;
  using namespace std::string_view_literals;
  for (const Argon2Cost cost : {Argon2Cost{8, 1}, Argon2Cost{8, 10}, Argon2Cost{1001, 3}, Argon2Cost{}}) {
    for (std::string_view password : {""sv, "пароль"sv, "a\0b"sv}) {
      const std::string phc = hash_argon2(secret(password), cost, random.bytes<16>());

      ASSERT_TRUE(parse_argon2(phc)) << phc;
      EXPECT_EQ(parse_argon2(phc)->cost, cost);
      EXPECT_EQ(parse_argon2(phc)->lanes, 1U);
      EXPECT_TRUE(verify_argon2(secret(password), phc));
      EXPECT_FALSE(verify_argon2(secret(std::string(password) + 'x'), phc));
    }
  }
  const std::string phc = hash_argon2(secret("a\0b"sv), quick, random.bytes<16>());
  EXPECT_FALSE(verify_argon2(secret("a"), phc)) << "a NUL does not end a password";
}

TEST(Argon2, the_same_password_and_salt_give_the_same_string_and_another_salt_another) {
  EXPECT_EQ(hash_argon2(secret("x"), quick, Argon2Salt{}), hash_argon2(secret("x"), quick, Argon2Salt{}));
  EXPECT_NE(hash_argon2(secret("x"), quick, Argon2Salt{}), hash_argon2(secret("x"), quick, Argon2Salt{std::byte{1}}));
  EXPECT_TRUE(
      hash_argon2(secret("x"), quick, Argon2Salt{}).starts_with("$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"));
}

TEST(Argon2, sloppy_strings_are_not_read) {
  const std::string salt = "c29tZXNhbHQ", tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  ASSERT_TRUE(parse_argon2("$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag));
  using namespace std::string_literals;
  for (const std::string& phc : {""s,
                                 "$"s,
                                 "x"s,
                                 "$argon2i$v=19$m=256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=16$m=256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$m=256,t=2,p=1$" + salt + '$' + tag,
                                 " $argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag + ' ',
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag + '=',
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag + "\0"s,
                                 "$argon2id$v=19$m=0256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=+256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=-256,t=2,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=19$t=2,m=256,p=1$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=256,t=2$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1,keyid=x$" + salt + '$' + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt,
                                 "$argon2id$v=19$m=256,t=2,p=1$$" + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + '$',
                                 "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$" + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhb$" + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$c29-ZXNhbHQ$" + tag,
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + std::string(200, 'A'),
                                 "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$AAAA",
                                 "argon2$argon2id$v=19$m=256,t=2,p=1$" + salt + '$' + tag})
    EXPECT_FALSE(parse_argon2(phc)) << phc;
}

TEST(Argon2, costs_out_of_bounds_are_not_read_and_never_worked_off) {
  const auto with = [](std::string_view parameters) {
    return "$argon2id$v=19$" + std::string(parameters) + "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  };
  EXPECT_TRUE(parse_argon2(with("m=262144,t=10,p=16")));
  EXPECT_TRUE(parse_argon2(with("m=8,t=1,p=1")));
  for (const char* parameters : {"m=262145,t=2,p=1", "m=256,t=11,p=1", "m=256,t=2,p=17", "m=7,t=2,p=1", "m=15,t=2,p=2",
                                 "m=256,t=0,p=1", "m=256,t=2,p=0", "m=4294967296,t=2,p=1",
                                 "m=99999999999999999999,t=2,p=1", "m=256,t=4294967297,p=1", "m=256,t=2,p=4294967297"})
    EXPECT_FALSE(parse_argon2(with(parameters))) << parameters;
  EXPECT_THROW(hash_argon2(secret("x"), {7, 1}, {}), Bug);
  EXPECT_THROW(hash_argon2(secret("x"), {8, 11}, {}), Bug);
}

TEST(Argon2, an_unmatchable_hash_looks_like_any_other) {
  testing::SeededRandom random;

  const std::string phc = unmatchable_argon2(quick, random);

  ASSERT_TRUE(parse_argon2(phc));
  EXPECT_EQ(parse_argon2(phc)->cost, quick);
  EXPECT_EQ(phc.size(), hash_argon2(secret("x"), quick, {}).size());
  EXPECT_FALSE(verify_argon2(secret(""), phc));
  EXPECT_NE(phc, unmatchable_argon2(quick, random));
}

}  // namespace
}  // namespace propusk::platform
