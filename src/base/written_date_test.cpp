// Dates as people read them, in both languages.
#include "base/written_date.hpp"

#include <gtest/gtest.h>

namespace propusk {
namespace {
using namespace std::chrono_literals;

TEST(WrittenDate, SaysTheDayTheYearAndTheZone) {
  const Instant noon = std::chrono::sys_days{2026y / 11 / 3} + 9h + 5min + 59s;

  EXPECT_EQ(written_date(noon, Language::en), "3 November 2026, 09:05 UTC");
  EXPECT_EQ(written_date(noon, Language::ru), "3 ноября 2026 г., 09:05 UTC");
  EXPECT_EQ(written_day(noon, Language::en), "3 November 2026");
  EXPECT_EQ(written_day(noon, Language::ru), "3 ноября 2026 г.");
}

TEST(WrittenDate, KeepsToTheDayAtItsEnds) {
  const Instant midnight = std::chrono::sys_days{2027y / 1 / 1};

  EXPECT_EQ(written_date(midnight, Language::en), "1 January 2027, 00:00 UTC");
  EXPECT_EQ(written_date(midnight - 1us, Language::en), "31 December 2026, 23:59 UTC");
}

}  // namespace
}  // namespace propusk
