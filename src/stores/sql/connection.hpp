// Connection: the thin interface over which every SQL text of this project runs. Each database has one driver for it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/bug.hpp"

namespace propusk::sql {

/// One SQL text with placeholders $1, $2 … Only a constant converts, so text from outside cannot become SQL. Where the
/// databases must differ, it is a pair of twins.
class Sql {
 public:
  consteval Sql(const char* literal) : sqlite_(literal), postgres_(literal) {}  // NOLINT: implicit on purpose
  consteval Sql(const char* sqlite, const char* postgres) : sqlite_(sqlite), postgres_(postgres) {}
  /// The address identifies the statement: drivers keep prepared statements by it.
  [[nodiscard]] constexpr const char* sqlite() const { return sqlite_; }
  [[nodiscard]] constexpr const char* postgres() const { return postgres_; }

 private:
  const char *sqlite_, *postgres_;
};

/// A parameter; text and bytes are borrowed for the call.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view, std::span<const std::byte>>;
using Values = std::initializer_list<Value>;

/// The unique constraint that a write would break: "table_column", as migrations name them.
struct UniqueViolation {
  std::string constraint;
};

/// A prepared statement while it runs, as a cursor. Columns count from 0; text and bytes last until the next step.
class Statement {
 public:
  virtual ~Statement() = default;
  /// Moves to the next row; false after the last. Throws Outage.
  virtual bool next() = 0;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual std::span<const std::byte> bytes(int column) const = 0;
  /// Ends the run; the statement can be started again.
  virtual void finish() noexcept = 0;
};

/// The rows of one query: a running statement that ends with its scope.
class Rows {
 public:
  explicit Rows(Statement& running) : running_(running) {}
  ~Rows() { running_.finish(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  bool next() { return running_.next(); }
  /// The row on which the last next() stopped.
  [[nodiscard]] const Statement& row() const { return running_; }

 private:
  Statement& running_;
};

/// One session with a database. Used by one thread at a time. Every failure but a unique violation throws Outage.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs a statement that returns no rows; the number of rows it changed, or the constraint in its way. After a
  /// violation the transaction goes on as if the statement had not run.
  virtual std::expected<std::size_t, UniqueViolation> execute(Sql sql, Values values) = 0;
  /// execute() where only a bug could break a unique constraint; the number of rows changed.
  virtual std::size_t run(Sql sql, Values values) = 0;
  /// Starts a statement that returns rows; it may write too (RETURNING), where no unique constraint is in its way.
  [[nodiscard]] Rows query(Sql sql, Values values) { return Rows(start(sql, values)); }
  /// Runs several statements without parameters: migrations.
  virtual void run_script(Sql script) = 0;
  /// Of twins, the one that this database runs.
  [[nodiscard]] virtual const char* text_of(Sql sql) const = 0;

  /// Begins a transaction that writes; two of them never overlap where they could disagree.
  virtual void begin_write() = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

 protected:
  virtual Statement& start(Sql sql, Values values) = 0;
};

}  // namespace propusk::sql
