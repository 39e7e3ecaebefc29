// Text forms of bytes and numbers, against RFC 4648 and values recorded from Django.
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/testing/fake_clock.hpp"

namespace propusk {
namespace {

std::string text_of(const std::optional<std::vector<std::byte>>& bytes) {
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "(nothing)";
}

TEST(Encoding, hex_is_lower_case_and_read_in_both_cases) {
  EXPECT_EQ(to_hex(as_bytes("\x01\xab\xff")), "01abff");
  EXPECT_EQ(text_of(from_hex("01AbfF")), "\x01\xab\xff");
  EXPECT_EQ(text_of(from_hex("")), "");
  for (std::string_view text : {"0", "0g", "g0", " 0", "0x12", "1-", "\xff\xff"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Encoding, base64url_has_no_padding) {
  EXPECT_EQ(to_base64url(as_bytes("")), "");
  EXPECT_EQ(to_base64url(as_bytes("f")), "Zg");
  EXPECT_EQ(to_base64url(as_bytes("fo")), "Zm8");
  EXPECT_EQ(to_base64url(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64url(as_bytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(as_bytes("\xfb\xff\xfe")), "-__-");
  EXPECT_EQ(text_of(from_base64url("Zm9vYg")), "foob");
}

TEST(Encoding, recorded_uids_decode_also_with_stray_trailing_bits) {
  EXPECT_EQ(to_base64url(as_bytes("7")), "Nw");
  EXPECT_EQ(to_base64url(as_bytes("12345")), "MTIzNDU");
  EXPECT_EQ(text_of(from_base64url("Nw")), "7");
  EXPECT_EQ(text_of(from_base64url("Mg")), "2");
  EXPECT_EQ(text_of(from_base64url("Ms")), "2");
}

TEST(Encoding, other_base64_is_refused) {
  for (std::string_view text : {"Z", "Zm9vY", "Zg==", "Zm8=", "Z+", "Z/", "Zm 9", "Zm9v\n", "\xd0\x96"})
    EXPECT_FALSE(from_base64url(text)) << text;
}

TEST(Encoding, what_was_written_is_read_back_for_every_length) {
  testing::SeededRandom random;
  for (std::size_t size = 0; size < 70; ++size) {
    std::vector<std::byte> bytes(size);
    random.fill(bytes);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(Encoding, base36_is_the_one_of_recorded_reset_tokens) {
  EXPECT_EQ(to_base36(775'000'000), "ctexts");
  EXPECT_EQ(from_base36("ctexts"), 775'000'000U);
  EXPECT_EQ(to_base36(0), "0");
  EXPECT_EQ(from_base36("0"), 0U);
  for (std::string_view text : {"", "-1", "+1", " 1", "CTEXTS", "a_b", "00", "0ctexts"})
    EXPECT_FALSE(from_base36(text)) << text;
}

TEST(Encoding, base62_is_the_one_of_recorded_sessions) {
  EXPECT_EQ(to_base62(1'700'000'000), "1r31eq");
  EXPECT_EQ(from_base62("1r31eq"), 1'700'000'000U);
  EXPECT_EQ(to_base62(35), "Z");
  EXPECT_EQ(to_base62(36), "a");
  for (std::string_view text : {"", "-1", "01", "a b", "\xd0\xb0"}) EXPECT_FALSE(from_base62(text)) << text;
}

TEST(Encoding, numbers_are_exact_up_to_64_bits_and_refused_beyond) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(to_base36(most), "3w5e11264sgsf");
  EXPECT_EQ(from_base36("3w5e11264sgsf"), most);
  EXPECT_FALSE(from_base36("3w5e11264sgsg"));
  EXPECT_FALSE(from_base36("zzzzzzzzzzzzz"));
  EXPECT_FALSE(from_base36("10000000000000"));
  EXPECT_EQ(from_base62(to_base62(most)), most);
  EXPECT_FALSE(from_base62("zzzzzzzzzzz"));
  for (std::uint64_t value = 1; value < most / 7; value *= 7) {
    EXPECT_EQ(from_base36(to_base36(value)), value);
    EXPECT_EQ(from_base62(to_base62(value)), value);
  }
}

}  // namespace
}  // namespace propusk
