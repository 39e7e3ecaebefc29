// Modes are judged, not tried, where the user is another one: this process cannot become it.
#include "cli/doctor/file_access.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace propusk::cli::doctor {
namespace {
/// Whether `user` is in `group`; a user that this machine has no name for, as that of a container, may be in any.
bool may_be_in(uid_t user, gid_t group) {
  std::array<char, 16'384> text{};  // getpwnam_r(3): a line of /etc/passwd, or of what stands in for it
  struct passwd entry{};
  struct passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) != 0 || found == nullptr) return true;
  constexpr int most_groups = 65'536;  // NGROUPS_MAX of Linux
  std::vector<gid_t> groups(most_groups);
  int count = most_groups;
  if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) return true;
  groups.resize(static_cast<std::size_t>(count));
  return std::ranges::find(groups, group) != groups.end();
}

/// The kernel asks one class alone: an owner whom the mode shuts out is not let in as anybody.
mode_t right_to_read(const struct stat& file, uid_t user) {
  if (file.st_uid == user) return S_IRUSR;
  return may_be_in(user, file.st_gid) ? S_IRGRP : S_IROTH;
}
}  // namespace

uid_t server_user(const std::filesystem::path& data_directory) {
  struct stat found{};
  return ::stat(data_directory.c_str(), &found) == 0 ? found.st_uid : ::geteuid();
}

std::optional<std::string> why_unreadable(const std::filesystem::path& file, uid_t user) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0 ||
      (user == ::geteuid() && ::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0))
    return fmt::format("{} cannot be read ({})", file.string(), std::generic_category().message(errno));
  if (!S_ISREG(found.st_mode)) return fmt::format("{} is not a regular file", file.string());
  constexpr mode_t root = 0;
  if (user == ::geteuid() || user == root || (found.st_mode & right_to_read(found, user)) != 0) return std::nullopt;
  return fmt::format("{} cannot be read by user {}, who runs propusk", file.string(), user);
}

bool is_open_to_all(const std::filesystem::path& file) {
  struct stat found{};
  return ::stat(file.c_str(), &found) == 0 && (found.st_mode & S_IRWXO) != 0;
}

}  // namespace propusk::cli::doctor
