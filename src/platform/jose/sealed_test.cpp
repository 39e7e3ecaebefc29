// Sealed bytes open for their key in their place and for nothing else.
#include "platform/jose/sealed.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk::platform {
namespace {
Secret<> secret(std::string_view text) { return Secret<>(std::string(text)); }

SealingKey counting_key(std::uint8_t first) {
  std::array<std::byte, sealing_key_size> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes.at(i) = static_cast<std::byte>(first + i);
  return SealingKey(bytes);
}

std::string bytes(std::string_view hex) {
  const auto read = from_hex(hex);
  return {reinterpret_cast<const char*>(read->data()), read->size()};
}

TEST(Sealed, the_drafts_vector_opens) {  // draft-irtf-cfrg-xchacha-03 §A.3.1
  const std::string place = bytes("50515253c0c1c2c3c4c5c6c7");
  const std::string sealed = bytes(
      "404142434445464748494a4b4c4d4e4f5051525354555657"
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216"
      "cb"
      "96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b5"
      "2e"
      "c0875924c1c7987947deafd8780acf49");

  const auto opened = unseal(counting_key(0x80), sealed, place);

  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->reveal(),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
            "would be it.");
}

TEST(Sealed, what_is_sealed_opens_again_with_the_same_key_in_the_same_place) {
  testing::SeededRandom random;
  for (const std::string& text : {std::string(), std::string("a"), std::string(5000, '\0')}) {
    const std::string sealed = seal(counting_key(1), secret(text), "here", random);
    const auto opened = unseal(counting_key(1), sealed, "here");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), text);
  }
}

TEST(Sealed, another_key_or_place_opens_nothing) {
  testing::SeededRandom random;
  const std::string sealed = seal(counting_key(1), secret("text"), "here", random);

  EXPECT_FALSE(unseal(counting_key(2), sealed, "here"));
  EXPECT_FALSE(unseal(counting_key(1), sealed, "there"));
  EXPECT_FALSE(unseal(counting_key(1), sealed, ""));
}

TEST(Sealed, a_change_of_any_bit_and_any_other_length_opens_nothing) {
  testing::SeededRandom random;
  const std::string sealed = seal(counting_key(1), secret("text"), "here", random);

  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ 1U << bit % 8);
    EXPECT_FALSE(unseal(counting_key(1), changed, "here")) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(unseal(counting_key(1), sealed.substr(0, size), "here")) << size;
  EXPECT_FALSE(unseal(counting_key(1), sealed + '\0', "here"));
}

TEST(Sealed, the_same_secret_is_sealed_differently_every_time_and_does_not_show) {
  testing::SeededRandom random;
  const std::string first = seal(counting_key(1), secret("a long enough text"), "here", random);
  const std::string second = seal(counting_key(1), secret("a long enough text"), "here", random);

  EXPECT_NE(first, second);
  EXPECT_NE(first.substr(0, 24), second.substr(0, 24)) << "the nonce";
  EXPECT_FALSE(first.contains("long"));
}

}  // namespace
}  // namespace propusk::platform
