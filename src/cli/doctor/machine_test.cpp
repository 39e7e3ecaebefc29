// The clock and the open files of the machine that the tests run on.
#include <sys/resource.h>
#include <sys/timex.h>

#include "cli/doctor/testing/seeding.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::Contains;

/// A hard limit cannot be raised again without privileges, so the wish grows instead.
TEST_F(Seeding, TooFewOpenFilesAreFound) {
  EXPECT_THAT(about("machine"), Contains(Says(Severity::ok, "files enough", "")));
  rlimit own{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &own), 0);
  if (own.rlim_max >= 1'000'000) GTEST_SKIP() << "more files may be opened than limits.connections can ask for";
  set("limits.connections=" + std::to_string(own.rlim_max));
  EXPECT_THAT(about("machine"), Contains(Says(Severity::warning, "a process may open", "LimitNOFILE=")));
}

TEST_F(Seeding, AClockThatOthersSeeIsSynchronised) {
  timex state{};
  const bool is_kept = ::adjtimex(&state) != TIME_ERROR;
  EXPECT_THAT(about("machine"), Contains(Says(Severity::ok, "synchronised", "")));
  set("server.public_origin=https://id.example.org");
  if (is_kept)
    EXPECT_THAT(about("machine"), Contains(Says(Severity::ok, "the clock is synchronised", "")));
  else
    EXPECT_THAT(about("machine"), Contains(Says(Severity::warning, "the clock is not synchronised", "timedatectl")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
