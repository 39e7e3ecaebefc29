// The operating system fills whatever is asked, also beyond the 256 bytes that one call guarantees.
#include "platform/os_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace propusk::platform {
namespace {

TEST(OsRandom, every_byte_is_filled) {
  OsRandom random;
  std::vector<std::byte> bytes(1 << 20);

  random.fill(bytes);

  const auto zeros = std::ranges::count(bytes, std::byte{0});
  EXPECT_NEAR(static_cast<double>(zeros), 4096, 512);  // eight standard deviations
  EXPECT_NO_THROW(random.fill({}));
}

TEST(OsRandom, draws_do_not_repeat) {
  OsRandom random;
  std::set<std::array<std::byte, 16>> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random.bytes<16>()).second);
}

}  // namespace
}  // namespace propusk::platform
