// The open-file limit goes up to the hard limit and never beyond.
#include "platform/resource_limits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace propusk::platform {
namespace {

TEST(ResourceLimits, the_soft_limit_of_open_files_becomes_the_hard_one) {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit lowered{64, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &lowered), 0);

  EXPECT_EQ(raise_open_file_limit(), before.rlim_max);

  rlimit after{};
  getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  EXPECT_EQ(after.rlim_max, before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace propusk::platform
