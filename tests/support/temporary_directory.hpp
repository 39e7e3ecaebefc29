// TemporaryDirectory: a directory that goes with its owner.
#pragma once
#include <filesystem>

namespace propusk::testing {

class TemporaryDirectory {
 public:
  /// Empty, and nobody else's. Throws if there can be none.
  TemporaryDirectory();
  /// Removes it with all that is in it.
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace propusk::testing
