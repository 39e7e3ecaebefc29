// Numbers of fields are those of proc(5).
#include "loadgen/machine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace loadgen {
namespace {

double ticks_per_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

/// The fields of /proc/PID/stat from the state on; empty if the process is gone.
std::vector<std::string> fields_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double pss_mib_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
  return 0;
}

std::vector<int> with_descendants(const std::vector<int>& roots) {
  std::map<int, int> parents;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const int pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    if (const auto fields = fields_of(pid); fields.size() > 1) parents[pid] = std::stoi(fields[1]);
  }
  std::vector<int> found;
  for (const auto& [pid, _] : parents)
    for (int ancestor = pid; ancestor > 0; ancestor = parents.contains(ancestor) ? parents[ancestor] : 0)
      if (std::ranges::find(roots, ancestor) != roots.end()) {
        found.push_back(pid);
        break;
      }
  return found;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

std::uint64_t now_in_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

double machine_seconds() {
  std::ifstream file("/proc/stat");
  std::string name;
  double user, nice, system, idle, iowait, irq, softirq, steal;
  file >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  return (user + nice + system + iowait + irq + softirq + steal) / ticks_per_second();
}

double own_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Usage usage_of(const std::vector<int>& roots) {
  Usage usage;
  if (roots.empty()) return usage;
  const double page_mib = static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576;
  for (int pid : with_descendants(roots)) {
    const auto fields = fields_of(pid);
    if (fields.size() < 22) continue;
    // Children that were waited for count too: a server may work in short-lived processes.
    for (std::size_t field : {11U, 12U, 13U, 14U}) usage.cpu_seconds += std::stod(fields[field]) / ticks_per_second();
    usage.threads += std::stoi(fields[17]);
    usage.rss_mib += std::stod(fields[21]) * page_mib;
    usage.pss_mib += pss_mib_of(pid);
    ++usage.processes;
  }
  return usage;
}

}  // namespace loadgen
