// SHA-256 against the vectors of FIPS 180-4, from several threads at once.
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "base/encoding.hpp"

namespace propusk {
namespace {
constexpr std::string_view of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view of_million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Digest, the_standard_vectors_hold) {
  EXPECT_EQ(to_hex(sha256("").bytes), of_nothing);
  EXPECT_EQ(to_hex(sha256("abc").bytes), of_abc);
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a')).bytes), of_million);
  EXPECT_EQ(sha256(as_bytes("abc")), sha256("abc"));
}

TEST(Digest, threads_do_not_disturb_each_other) {
  std::vector<int> wrong(4);
  {
    std::vector<std::jthread> threads;
    for (int& count : wrong)
      threads.emplace_back([&count] {
        for (int i = 0; i < 2'000; ++i) count += to_hex(sha256("abc").bytes) != of_abc;
      });
  }
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Digest, the_hash_is_the_first_word) {
  Digest digest;
  EXPECT_EQ(DigestHash{}(digest), 0U);
  digest.bytes[0] = std::byte{1};
  EXPECT_NE(DigestHash{}(digest), 0U);
  digest.bytes[0] = std::byte{0};
  digest.bytes[31] = std::byte{1};
  EXPECT_EQ(DigestHash{}(digest), 0U);
}

}  // namespace
}  // namespace propusk
