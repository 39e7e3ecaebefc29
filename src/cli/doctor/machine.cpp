// The machine under the server: its clock, and how many files the server may open.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

#include "cli/doctor/checks.hpp"

namespace propusk::cli::doctor {
namespace {

/// Beside connections of clients: the store, the log, listeners, epoll and timers of each thread, conversations with
/// providers and mail servers. An idle server of two cores has 37 open.
constexpr std::uint64_t other_files = 256;

/// The process that holds DIR/lock; nothing if no server runs. Each line of /proc/locks (proc(5)) is
/// `1: FLOCK  ADVISORY  WRITE PID MAJOR:MINOR:INODE 0 EOF`.
std::optional<pid_t> running_server(const std::filesystem::path& directory) {
  struct stat lock{};
  if (::stat((directory / "lock").c_str(), &lock) != 0) return std::nullopt;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, advice, mode, place, program;
    pid_t process = 0;
    if (!(words >> number >> kind >> advice >> mode >> process >> place) || kind != "FLOCK" ||
        !place.ends_with(fmt::format(":{}", lock.st_ino)))
      continue;
    // The device of a layered file system is not the one that stat() names: the program's name tells instead.
    std::ifstream(fmt::format("/proc/{}/comm", process)) >> program;
    if (program == "propusk") return process;
  }
  return std::nullopt;
}

/// The hard limit of a process, to which the server raises its own: proc(5), /proc/PID/limits.
std::optional<std::uint64_t> open_files_of(pid_t process) {
  std::ifstream limits(fmt::format("/proc/{}/limits", process));
  for (std::string line; std::getline(limits, line);) {
    constexpr std::string_view name = "Max open files";
    if (!line.starts_with(name)) continue;
    const auto soft = line.find_first_not_of(' ', name.size());
    const auto hard = line.find_first_not_of(' ', line.find(' ', soft));
    std::uint64_t number = std::numeric_limits<std::uint64_t>::max();  // "unlimited"
    if (hard < line.size()) std::from_chars(line.data() + hard, line.data() + line.size(), number);
    return number;
  }
  return std::nullopt;
}

std::uint64_t open_files(const std::filesystem::path& directory) {
  if (const auto server = running_server(directory))
    if (const auto limit = open_files_of(*server)) return *limit;
  rlimit own{};
  ::getrlimit(RLIMIT_NOFILE, &own);
  return own.rlim_max;
}

/// Whether somebody compares our times with theirs: browsers and apps, providers, other nodes.
bool is_compared(const config::Settings& settings) {
  return serves_others(settings) || settings.store.is_server() ||
         std::ranges::any_of(settings.providers, [](const auto& provider) { return !provider.client_id.empty(); });
}

Finding clock_finding(const config::Settings& settings) {
  timex state{};
  if (::adjtimex(&state) != TIME_ERROR) return fine("the clock is synchronised");
  if (!is_compared(settings)) return fine("the clock is not synchronised, and nobody compares it with another");
  return warning("the clock is not synchronised; tokens of providers and of this server expire early or late",
                 "run systemd-timesyncd or chrony (timedatectl set-ntp true)");
}

Finding open_files_finding(const Installation& in) {
  const std::uint64_t connections = in.settings().limits.connections, limit = open_files(in.data_directory);
  if (limit < connections + other_files)
    return warning(fmt::format("a process may open {} files, too few for limits.connections = {}", limit, connections),
                   fmt::format("write LimitNOFILE={} into the unit of the service (ulimit -Hn), or lower "
                               "limits.connections",
                               connections + other_files));
  return fine(fmt::format("files enough for limits.connections = {}", connections));
}

}  // namespace

Findings machine(const Ward& ward) {
  return {clock_finding(ward.installation.settings()), open_files_finding(ward.installation)};
}

}  // namespace propusk::cli::doctor
