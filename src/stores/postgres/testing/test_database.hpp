// TestDatabase: a database of a test's own, without rows, on the private cluster of the build
// (tools/postgres_cluster.py).
#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace propusk::postgres::testing {

enum class Schema : std::uint8_t { ready, none };

class TestDatabase {
 public:
  /// Creates it; the cluster is started first if it does not run. Throws std::runtime_error with what went wrong.
  explicit TestDatabase(Schema schema = Schema::ready);
  /// Drops it, whoever is connected.
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  /// As store.url takes it; its role owns the database and is no superuser.
  [[nodiscard]] const std::string& url() const { return url_; }
  /// Runs statements as the superuser, in this database; the first column of the first row, "" without one.
  std::string as_superuser(const std::string& statements) const;
  /// Ends the sessions on this database with this application_name, any for "%"; other tests share the cluster. Back
  /// when they have ended.
  void end_sessions(const std::string& application_name) const;

 private:
  std::string socket_, name_, url_;
};

/// One that the tests of a process use one after the other, because to make one costs more than most tests. It has the
/// schema, which stays as it is, and no rows.
class ReusedDatabase {
 public:
  ReusedDatabase();
  /// Erases the rows and ends whoever is connected.
  ~ReusedDatabase();
  ReusedDatabase(const ReusedDatabase&) = delete;
  ReusedDatabase& operator=(const ReusedDatabase&) = delete;
  [[nodiscard]] const std::string& url() const { return database_->url(); }

 private:
  std::unique_ptr<TestDatabase> database_;
};

}  // namespace propusk::postgres::testing
