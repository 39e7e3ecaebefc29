// TestPlace: where the rows of a test lie: SQLite in a directory of its own, or, where PROPUSK_TEST_STORE=postgresql
// says so, a database on the private cluster that nobody else uses meanwhile.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/open.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::stores::testing {

/// Whether this run of the tests is the one on PostgreSQL (tests/support/store_of_run.cpp).
bool is_on_postgresql();

/// For the statements of tests that are not about time: far more than they take, whatever else the machine does.
inline constexpr seconds busy_machine_patience{30};

class TestPlace {
 public:
  TestPlace() {
    if (is_on_postgresql()) database_.emplace();
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path(); }
  /// As store.url takes it; "sqlite:" in path().
  [[nodiscard]] std::string url() const { return database_ ? database_->url() : "sqlite:"; }
  /// May be called again: on the same rows.
  [[nodiscard]] std::unique_ptr<OperatedStore> open(core::EffectSink& effects, const Clock& clock) {
    OpenOptions options;
    options.directory = path();
    options.file = path() / "propusk.db";
    if (database_) options.url = database_->url();
    options.connections = 3;
    options.statement_timeout = busy_machine_patience;
    return stores::open(std::move(options), effects, clock, random_);
  }

 private:
  TemporaryDirectory directory_;
  std::optional<postgres::testing::ReusedDatabase> database_;
  propusk::testing::SeededRandom random_;
};

}  // namespace propusk::stores::testing
