// TestDatabase: a database of a test's own, with the schema and no rows, on the private cluster of the build
// (tools/postgres_cluster.py).
#pragma once
#include <string>

namespace propusk::postgres::testing {

class TestDatabase {
 public:
  /// Creates it; the cluster is started first if it does not run. Throws std::runtime_error with what went wrong.
  TestDatabase();
  /// Drops it, whoever is connected.
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  /// As store.url takes it; its role owns the database and is no superuser.
  [[nodiscard]] const std::string& url() const { return url_; }
  /// Runs statements as the superuser, in this database; the first column of the first row, "" without one.
  std::string as_superuser(const std::string& statements) const;

 private:
  std::string socket_, name_, url_;
};

}  // namespace propusk::postgres::testing
