// ClockMap: bounded, keeps what is used, evicts what is not.
#include "core/limits/clock_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace propusk::core {
namespace {
struct Hash {
  std::size_t operator()(std::uint64_t key) const { return key * 0x9e3779b97f4a7c15ULL; }
};
using Map = ClockMap<std::uint64_t, int, Hash>;

TEST(ClockMap, FindsReplacesAndErases) {
  Map map(10);
  map.put(1, 10);
  map.put(1, 11);
  EXPECT_EQ(*map.find(1), 11);
  EXPECT_EQ(map.size(), 1U);
  EXPECT_TRUE(map.erase(1));
  EXPECT_FALSE(map.erase(1));
  EXPECT_EQ(map.find(1), nullptr);
}

TEST(ClockMap, NeverGrowsBeyondItsCapacityAndKeepsWhatIsUsed) {
  Map map(100);
  map.put(7, 7);
  for (std::uint64_t key = 1000; key < 11'000; ++key) {
    ASSERT_NE(map.find(7), nullptr) << key;
    map.put(key, 0);
  }
  EXPECT_EQ(map.size(), 100U);
}

TEST(ClockMap, ErasedPlacesAreUsedAgain) {
  Map map(100);
  for (int round = 0; round < 50; ++round) {
    for (std::uint64_t key = 0; key < 100; ++key) map.put(key, round);
    for (std::uint64_t key = 0; key < 100; key += 2) map.erase(key);
  }
  EXPECT_EQ(map.size(), 50U);
  EXPECT_EQ(*map.find(1), 49);
}

}  // namespace
}  // namespace propusk::core
