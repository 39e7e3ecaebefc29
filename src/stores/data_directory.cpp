// flock and not fcntl: SQLite's own locks are fcntl's, and those of one process do not exclude each other.
#include "stores/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <system_error>

#include "base/outage.hpp"

namespace propusk::stores {
namespace {
using Why = DirectoryRefused::Why;

std::unexpected<DirectoryRefused> unusable(const std::filesystem::path& path, std::string_view what) {
  return std::unexpected(DirectoryRefused{Why::unusable, fmt::format("The data directory {} {}", path.string(), what)});
}

std::string reason(int error) { return std::generic_category().message(error); }
}  // namespace

std::expected<DataDirectory, DirectoryRefused> DataDirectory::take(const std::filesystem::path& path) {
  std::error_code failed;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), failed);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return unusable(path,
                    fmt::format("cannot be created ({}). Create it for this user or name another one.", reason(errno)));
  if (!std::filesystem::is_directory(path, failed)) return unusable(path, "is not a directory. Name another one.");

  const auto lock_file = path / "lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0)
    return unusable(path, fmt::format("is not writable ({}). Give it to the user that runs propusk.", reason(errno)));
  DataDirectory directory(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return directory;
  if (errno != EWOULDBLOCK)
    return unusable(path, fmt::format("cannot be locked ({}). Put it on a local disk.", reason(errno)));
  return std::unexpected(
      DirectoryRefused{Why::held, fmt::format("The data directory {} is in use by another propusk.", path.string())});
}

std::int64_t DataDirectory::node(Random& random) const {
  const auto file = path_ / "node";
  std::int64_t number = 0;
  if (std::ifstream in(file); in >> number && number > 0) return number;
  number = static_cast<std::int64_t>(1 + random.below(std::numeric_limits<std::int64_t>::max() - 1));
  const auto draft = path_ / "node.new";
  std::error_code failed;
  if (std::ofstream(draft) << number << std::endl) std::filesystem::rename(draft, file, failed);
  if (failed || !std::filesystem::exists(file, failed))
    throw Outage("data directory",
                 file.string() + " cannot be written: give the directory to the user that runs propusk");
  return number;
}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace propusk::stores
