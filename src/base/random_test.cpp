// Random draws are uniform, because rejected draws are thrown away rather than folded.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/bug.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk {
namespace {

/// Gives out the listed bytes, then zeros.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::vector<std::uint8_t> script) : script_(std::move(script)) {}
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = next_ < script_.size() ? static_cast<std::byte>(script_[next_++]) : std::byte{0};
  }

 private:
  std::vector<std::uint8_t> script_;
  std::size_t next_ = 0;
};

TEST(Random, every_value_below_the_bound_comes_equally_often) {
  testing::SeededRandom random;
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i) ++seen[random.below(seen.size())];

  for (int count : seen) EXPECT_NEAR(count, 10'000, 500);  // five standard deviations are 463
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, a_draw_beyond_the_last_whole_multiple_is_thrown_away) {
  // 2^64 mod 3 is 1: only the draw 0 is unusable; it is followed by the draw 5.
  ScriptedRandom random({0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(random.below(3), 2U);

  // 256 mod 10 is 6: bytes from 250 on are unusable.
  ScriptedRandom digits({250, 255, 249, 13});
  EXPECT_EQ(digits.text("0123456789", 2), "93");
}

TEST(Random, text_uses_the_whole_alphabet_and_nothing_else) {
  testing::SeededRandom random;
  const std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

  const std::string text = random.text(alphabet, 10'000);

  EXPECT_EQ(text.size(), 10'000U);
  EXPECT_EQ(text.find_first_not_of(alphabet), std::string::npos);
  for (char letter : alphabet) EXPECT_NEAR(std::ranges::count(text, letter), 277, 85) << letter;
  EXPECT_EQ(random.text(alphabet, 0), "");
  EXPECT_EQ(random.text("x", 3), "xxx");
}

TEST(Random, an_impossible_draw_is_a_bug) {
  testing::SeededRandom random;
  EXPECT_THROW(random.below(0), Bug);
  EXPECT_THROW(random.text("", 1), Bug);
  EXPECT_THROW(random.text(std::string(257, 'a'), 1), Bug);
}

}  // namespace
}  // namespace propusk
