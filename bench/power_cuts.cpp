// power_cuts: how many acknowledged writes a power cut loses; the control with synchronous=NORMAL must lose some.
#include <cstdio>
#include <cstdlib>

#include "stores/sqlite/testing/power_cuts.hpp"

/// Usage: power_cuts [CUTS]. Exit 0 only if nothing was lost and the control proves that the test can see a loss.
int main(int count, char** arguments) {
  using namespace propusk::sqlite;
  const auto cuts = static_cast<unsigned>(count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 200);
  const auto full = testing::power_cuts({.cuts = cuts, .synchronous = Synchronous::full});
  const auto control = testing::power_cuts({.cuts = cuts, .synchronous = Synchronous::normal});
  std::printf("power_cuts cuts=%u lost=%llu control_lost=%llu acknowledged=%llu unreadable=%u\n", full.cuts,
              static_cast<unsigned long long>(full.lost), static_cast<unsigned long long>(control.lost),
              static_cast<unsigned long long>(full.acknowledged), full.unreadable);
  return full.cuts > 0 && full.lost == 0 && full.unreadable == 0 && control.lost > 0 ? 0 : 1;
}
