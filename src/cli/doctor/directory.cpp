// The data directory: who may look into it, who owns what is in it, and what kind of disk it lies on.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "cli/doctor/checks.hpp"

namespace propusk::cli::doctor {
namespace {
namespace fs = std::filesystem;

/// The write-ahead log and a checkpoint of it hold 64 MiB each, a backup as much as the database: with less room than
/// this a busy day may fill the disk. A twentieth is what ext4 keeps for root.
constexpr std::uint64_t least_room = 1ULL << 30U;
constexpr std::uint64_t least_share = 20;

enum class Kind : std::uint8_t { memory, network };
struct FileSystem {
  std::uint64_t magic;
  Kind kind;
  const char* name;
};
/// Those that linux/magic.h lacks are from fs/cifs, fs/smb and fs/ceph of the kernel.
constexpr std::array file_systems{
    FileSystem{TMPFS_MAGIC, Kind::memory, "tmpfs"},    FileSystem{RAMFS_MAGIC, Kind::memory, "ramfs"},
    FileSystem{NFS_SUPER_MAGIC, Kind::network, "NFS"}, FileSystem{SMB_SUPER_MAGIC, Kind::network, "SMB"},
    FileSystem{0xfe534d42, Kind::network, "SMB"},      FileSystem{0xff534d42, Kind::network, "CIFS"},
    FileSystem{0x00c36400, Kind::network, "Ceph"},     FileSystem{AFS_SUPER_MAGIC, Kind::network, "AFS"},
};

std::string reason(int problem) { return std::generic_category().message(problem); }

/// Judges the mode where the server runs as another user than the one who asks.
bool may_write(const fs::path& path, const struct stat& found) {
  if ((found.st_mode & S_IWUSR) == 0) return false;
  return found.st_uid != ::geteuid() || ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

void judge_mode(const fs::path& path, const struct stat& found, Findings& findings) {
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  findings.push_back(
      error(fmt::format("{} is open to others than its owner (mode {:04o})", path.string(), found.st_mode & 07777U),
            fmt::format("chmod go= {}", path.string())));
}

/// What an operator's command of another user left behind is not the server's to write.
void judge_owners(const fs::path& directory, uid_t owner, const fs::path& database, Findings& findings) {
  std::vector<fs::path> files;
  for (const char* name : {"lock", "node", "keys", "keys/sealing.key", "mail"}) files.push_back(directory / name);
  if (!database.empty())
    for (const char* suffix : {"", "-wal", "-shm"}) files.emplace_back(database.string() + suffix);
  for (const fs::path& file : files) {
    struct stat found{};
    if (::lstat(file.c_str(), &found) != 0) continue;
    if (found.st_uid != owner)
      findings.push_back(error(fmt::format("{} belongs to user {}, and {} to user {}", file.string(), found.st_uid,
                                           directory.string(), owner),
                               fmt::format("chown {} {}", owner, file.string())));
    else if (!may_write(file, found) && file.filename() != "sealing.key")
      findings.push_back(error(file.string() + " is not writable", "chmod u+w " + file.string()));
  }
}

void judge_room(const fs::path& path, Findings& findings) {
  struct statvfs disk{};
  if (::statvfs(path.c_str(), &disk) != 0) return;
  const std::uint64_t free = disk.f_bavail * disk.f_frsize, whole = disk.f_blocks * disk.f_frsize;
  if ((disk.f_flag & ST_RDONLY) != 0)
    findings.push_back(error(path.string() + " is on a file system that is mounted read-only", "mount it writable"));
  else if (free < least_room || free < whole / least_share)
    findings.push_back(
        warning(fmt::format("the disk of {} has {} MiB left of {}", path.string(), free >> 20U, whole >> 20U),
                "make room, or move the directory to a larger disk"));
}

void judge_kind(const fs::path& path, bool has_database, Findings& findings) {
  struct statfs disk{};
  if (::statfs(path.c_str(), &disk) != 0) return;
  for (const FileSystem& each : file_systems) {
    if (each.magic != static_cast<std::uint32_t>(disk.f_type)) continue;
    if (each.kind == Kind::memory)
      findings.push_back(error(fmt::format("{} is in memory ({}); what is in it ends with the machine's next start",
                                           path.string(), each.name),
                               "name a directory on a disk with --data"));
    else if (has_database)
      findings.push_back(error(
          fmt::format("{} is on another machine ({}); SQLite's locks do not hold there", path.string(), each.name),
          "name a directory on a local disk with --data, or use PostgreSQL"));
  }
}

/// The directory that is there, or that will hold the one that is not.
fs::path nearest(const fs::path& directory) {
  fs::path place = fs::absolute(directory);
  std::error_code ignored;
  while (!fs::exists(place, ignored) && place.has_relative_path()) place = place.parent_path();
  return place;
}

/// What will be, once the first start has made the directory.
void judge_place(const fs::path& directory, Findings& findings) {
  const fs::path place = nearest(directory);
  std::error_code ignored;
  if (!fs::is_directory(place, ignored))
    findings.push_back(error(place.string() + " is not a directory", "name another one with --data"));
  else if (::faccessat(AT_FDCWD, place.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    findings.push_back(
        error(fmt::format("{} cannot be made in {} ({})", directory.string(), place.string(), reason(errno)),
              "make it for the user that runs propusk (mode 0700), or name another one with --data"));
}

void judge_directory(const fs::path& directory, const fs::path& database, Findings& findings) {
  struct stat found{};
  if (::stat(directory.c_str(), &found) != 0) {
    if (errno == ENOENT) return judge_place(directory, findings);
    findings.push_back(error(fmt::format("{} cannot be looked at ({})", directory.string(), reason(errno)),
                             "run this as root, or as the user that runs propusk"));
    return;
  }
  if (!S_ISDIR(found.st_mode)) {
    findings.push_back(error(directory.string() + " is not a directory", "name another one with --data"));
    return;
  }
  const uid_t root = 0;
  if (found.st_uid != ::geteuid() && ::geteuid() != root)
    findings.push_back(
        error(fmt::format("{} belongs to user {}, and you are user {}", directory.string(), found.st_uid, ::geteuid()),
              fmt::format("run propusk as its owner (sudo -u '#{}' propusk …), or give it to the user "
                          "that runs propusk",
                          found.st_uid)));
  if (!may_write(directory, found))
    findings.push_back(error(directory.string() + " is not writable", "chmod u+w " + directory.string()));
  judge_mode(directory, found, findings);
  judge_owners(directory, found.st_uid, database, findings);
}

}  // namespace

Findings directory(const Ward& ward) {
  const fs::path& directory = ward.installation.data_directory;
  const auto& store = ward.installation.settings().store;
  const fs::path database = store.is_server() ? fs::path() : store.file(directory);
  Findings findings;
  judge_directory(directory, database, findings);
  judge_room(nearest(directory), findings);
  const bool is_apart = !database.empty() && fs::absolute(database).parent_path() != fs::absolute(directory);
  judge_kind(nearest(directory), !database.empty() && !is_apart, findings);
  if (is_apart) {
    const fs::path apart = nearest(database.parent_path());
    judge_room(apart, findings);
    judge_kind(apart, true, findings);
    struct stat found{};
    if (::stat(database.c_str(), &found) == 0) judge_mode(database, found, findings);
  }
  std::error_code ignored;
  if (findings.empty())
    findings.push_back(
        fine(directory.string() + (fs::exists(directory, ignored) ? " is its owner's alone, on a disk with room"
                                                                  : " will be made at the first start")));
  return findings;
}

}  // namespace propusk::cli::doctor
