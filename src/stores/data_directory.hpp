// DataDirectory: one process owns a data directory. Holding this value is owning it.
#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <utility>

#include "base/random.hpp"

namespace propusk::stores {

/// Why a directory could not be had.
struct DirectoryRefused {
  enum class Why : std::uint8_t {
    held,      ///< another process holds the lock: ask it through its control socket
    unusable,  ///< `sentence` says what is wrong and what to do
  };
  Why why{};
  std::string sentence;
};

/// Move-only: the lock ends with the value, also when the process dies.
class DataDirectory {
 public:
  /// Creates `path` (mode 0700) with its parents if it is missing and takes an exclusive flock on `path`/lock (0600)
  /// without waiting.
  static std::expected<DataDirectory, DirectoryRefused> take(const std::filesystem::path& path);

  DataDirectory(DataDirectory&& other) noexcept
      : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
  DataDirectory& operator=(DataDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    return *this;
  }
  ~DataDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The number by which this directory's process is told apart among the nodes on one database: positive, drawn once
  /// and kept in `path`/node. Throws Outage.
  [[nodiscard]] std::int64_t node(Random& random) const;

 private:
  DataDirectory(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;  ///< the descriptor that holds the flock; -1 = moved from
};

}  // namespace propusk::stores
