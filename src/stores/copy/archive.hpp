// Archive: a backup. One SQLite file that holds a store's rows, and what proves that they are all there.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "stores/copy/copier.hpp"

namespace propusk::copy {

struct ArchiveFacts {
  Instant made_at{};
  std::string version;                    ///< of the propusk that made it
  std::optional<Secret<>> sealing_key{};  ///< of the store's signing keys, if it was put in
};

/// Where the rows of a store are: a database file, or a server's URL.
struct Place {
  std::filesystem::path file;
  std::string url{};  ///< empty: the file
  [[nodiscard]] std::unique_ptr<Side> open(File how, const Clock& clock) const;
};

/// Writes `file` (mode 0600), which must not exist: all rows of `store` as of one moment after the call began. Until
/// it is whole and on the disk it is called `file`.XXXXXX.part, with a name of this call's own. The server may go on
/// working.
std::vector<TableCopied> make_archive(const Place& store, const std::filesystem::path& file, const ArchiveFacts& facts,
                                      const Clock& clock, const Progress& progress);

class Archive {
 public:
  /// Throws Outage if this is no backup, or one of a newer version.
  explicit Archive(const std::filesystem::path& file);
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] const ArchiveFacts& facts() const { return facts_; }
  /// False: an older version made it. How many rows there are can be told, and not whether they were changed.
  [[nodiscard]] bool knows_contents() const { return is_of_this_version_; }
  /// Reads all of it: the structure of the file, and of each table how many rows and, if it knows_contents(), which.
  /// Throws Outage with the first thing that is wrong.
  std::vector<TableCopied> verify(const Progress& progress);
  /// What each of tables() is to hold; empty where an older version made the backup.
  [[nodiscard]] std::vector<Sum> sums() const;
  /// Its rows as this version has them. Those of an older version are looked through, counted and copied into
  /// `scratch` first, which the caller removes.
  std::unique_ptr<Side> rows(const std::filesystem::path& scratch, Instant now) const;

 private:
  std::filesystem::path file_;
  std::unique_ptr<Side> side_;
  ArchiveFacts facts_;
  bool is_of_this_version_ = false;
};

/// Throws Outage, which names the table, unless `is` is what a backup was to hold.
void require_sum(const std::filesystem::path& file, const Table& table, const Sum& is, const Sum& was);

/// Throws Outage if the database has another schema than this version's; `whose` names it.
void require_schema(sql::Connection& connection, std::string_view whose);

}  // namespace propusk::copy
