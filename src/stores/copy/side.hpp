// Side: one of the two databases of a copy, with what drivers do differently.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "stores/copy/batch.hpp"

namespace propusk::copy {

/// Every failure throws Outage. One thread.
class Side {
 public:
  virtual ~Side() = default;
  virtual sql::Connection& connection() = 0;
  /// All reading from here on sees one moment, until the connection's rollback().
  virtual void begin_read() = 0;
  /// The same, and where the database can do that, who writes waits until then.
  virtual void begin_read_alone() = 0;
  /// Called before each piece of work: what follows may take minutes.
  virtual void be_patient() = 0;
  /// The rows of `batch` from `from` on, inside a transaction.
  virtual void insert(const Batch& batch, std::size_t from) = 0;
  /// After a commit: lets the database tidy up if it must.
  virtual void tidy() = 0;
  /// Around many rows in one transaction into empty tables: what costs less at the end is left until then.
  virtual void begin_many() = 0;
  virtual void end_many() = 0;
  /// After the last row, inside a transaction: what else must agree with the rows.
  virtual void agree_with_rows() = 0;
  /// After everything was committed.
  virtual void finish() = 0;
  /// Takes the database for itself: a node that starts on PostgreSQL meanwhile waits for us. The others() who are
  /// there; with any, it was not taken.
  virtual std::vector<std::string> take() = 0;
  /// The names of those who are connected, as the database knows them.
  virtual std::vector<std::string> others() = 0;
};

/// How a database file is opened.
enum class File : std::uint8_t {
  written,   ///< made if it is missing
  read,      ///< beside whoever writes it
  finished,  ///< a backup: not touched
};
std::unique_ptr<Side> open_sqlite(const std::filesystem::path& file, File how);
/// `clock` outlives it.
std::unique_ptr<Side> open_postgres(const std::string& url, const Clock& clock);

}  // namespace propusk::copy
