// Dates of RFC 9110, both ways.
#include "http/http_date.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::http {
namespace {

using namespace std::chrono;

TEST(HttpDate, WritesTheExampleOfTheStandard) {
  EXPECT_EQ(http_date(sys_days{1994y / 11 / 6} + 8h + 49min + 37s), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(Instant{}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(sys_days{2024y / 2 / 29} + 999'999us), "Thu, 29 Feb 2024 00:00:00 GMT");
  EXPECT_EQ(http_date(sys_days{12000y / 2 / 1}), "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(HttpDate, ReadsWhatItWrites) {
  for (Instant at = sys_days{1970y / 1 / 1}; at < sys_days{2100y / 1 / 1}; at += 13h + 7min + 1s) {
    ASSERT_EQ(parse_http_date(http_date(at)), at);
  }
}

TEST(HttpDate, RefusesOtherFormsAndImpossibleDates) {
  for (std::string_view text :
       {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Mon, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun, 31 Feb 2026 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 ovD 1994 08:49:37 GMT",
        "Sun, 0x Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun; 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

TEST(DateLine, FollowsTheClockWhenTheSecondChanges) {
  testing::FakeClock clock;
  DateLine date(clock);

  const std::string first(date.at(clock.monotonic()));
  clock.advance(1s);
  const std::string second(date.at(clock.monotonic()));

  EXPECT_EQ(first, "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
  EXPECT_EQ(second, "Date: Thu, 01 Jan 2026 00:00:01 GMT\r\n");
}

}  // namespace
}  // namespace propusk::http
