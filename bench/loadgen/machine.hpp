// What the machine and the watched processes use: CPU time and memory, read from /proc.
#pragma once
#include <cstdint>
#include <vector>

namespace loadgen {

std::uint64_t now_in_nanoseconds();

/// CPU seconds that all cores spent on anything but idling; time stolen by the host counts.
double machine_seconds();
/// CPU seconds of this process.
double own_seconds();

struct Usage {
  double cpu_seconds = 0;
  double rss_mib = 0, pss_mib = 0;
  int processes = 0, threads = 0;
};
/// Of `roots` and all their descendants.
Usage usage_of(const std::vector<int>& roots);

}  // namespace loadgen
