// Thread attributes change for the calling thread alone.
#include "platform/scheduling.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <thread>

namespace propusk::platform {
namespace {

int nice_value() { return getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid))); }

TEST(Scheduling, the_background_is_nice_10_for_one_thread_only) {
  const int before = nice_value();
  int inside = -100;

  std::thread([&inside] {
    run_in_background();
    inside = nice_value();
  }).join();

  EXPECT_EQ(inside, 10);
  EXPECT_EQ(nice_value(), before);
}

TEST(Scheduling, the_short_slice_is_told_by_the_kernel_and_keeps_the_nice_value) {
  utsname system{};
  uname(&system);
  int major = 0, minor = 0;
  ASSERT_EQ(std::sscanf(system.release, "%d.%d", &major, &minor), 2);
  bool took = false;
  int before = -100, after = -200;

  std::thread([&] {
    before = nice_value();
    took = ask_for_short_slice();
    after = nice_value();
  }).join();

  EXPECT_EQ(took, major > 6 || (major == 6 && minor >= 12));
  EXPECT_EQ(before, after);
}

TEST(Scheduling, threads_have_names) {
  std::array<char, 16> name{};
  std::thread([&name] {
    name_thread("propusk-a-long-name");
    prctl(PR_GET_NAME, name.data());
  }).join();
  EXPECT_STREQ(name.data(), "propusk-a-long-");
}

}  // namespace
}  // namespace propusk::platform
