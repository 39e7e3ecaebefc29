// PowerCutVfs: a disk that can lose what was not synced, fail a sync, or be full. Tests and fault tools only.
#pragma once
#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace propusk::sqlite::testing {

/// A SQLite VFS over the platform's own. Files live where they always do; beside them it keeps in RAM what a real disk
/// would still hold if the power went now: the content as of each file's last sync, and the writes since. Lock files
/// and shared memory pass through. Thread-safe. Outlives every connection that uses it.
class PowerCutVfs {
 public:
  explicit PowerCutVfs(std::uint64_t seed);
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Cuts the power at the `operations`-th write, truncation or sync from now: from then on all three fail.
  void cut_after(std::uint64_t operations);
  void cut_now();
  [[nodiscard]] bool is_cut() const { return cut_; }
  /// Writes what survived the cut into `directory`: per file, the synced content plus an arbitrary part of the later
  /// writes, each kept, dropped or torn at a sector.
  void write_survivors(const std::filesystem::path& directory) const;

  /// The `syncs`-th sync from now fails, and, as on Linux, what it should have stored is then never stored.
  void fail_sync_after(std::uint64_t syncs);
  [[nodiscard]] bool has_failed_a_sync() const { return sync_failed_; }

  /// No file grows once all together have this size; nothing = room without end.
  void set_capacity(std::optional<std::uint64_t> bytes);
  [[nodiscard]] std::uint64_t used() const;

 private:
  friend struct PowerCutCalls;
  struct Write {
    std::uint64_t offset = 0;
    std::optional<std::string> bytes;  ///< nothing: a truncation to `offset`
  };
  struct Content {
    std::string synced;
    std::vector<Write> unsynced;
    std::uint64_t size = 0;
  };
  Content& opened(const std::string& path);
  void erased(const std::string& path);
  int written(Content& content, std::uint64_t offset, std::string_view bytes);
  int truncated(Content& content, std::uint64_t size);
  int synced(Content& content);
  bool cut_at_this_operation();
  void take_survivors();
  std::string survivor(const Content& content);

  const std::string name_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_{};
  mutable std::mutex mutex_;
  std::mt19937_64 chance_;
  std::map<std::string, Content> files_;
  std::map<std::string, std::string> survivors_;
  std::uint64_t until_cut_ = 0, until_failed_sync_ = 0;  ///< 0 = never
  std::optional<std::uint64_t> capacity_;
  std::atomic<bool> cut_{false}, sync_failed_{false};
};

}  // namespace propusk::sqlite::testing
