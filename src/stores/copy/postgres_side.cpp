// COPY in its binary format: one round trip for thousands of rows, and nothing to quote.
#include <string_view>
#include <tuple>

#include "stores/copy/side.hpp"
#include "stores/postgres/connection.hpp"

namespace propusk::copy {
namespace {
constexpr std::chrono::minutes patience{10};  // one batch of rows, or ANALYZE of the largest table

// That of stores/postgres/store.cpp: a node that starts takes it before it looks at the schema.
constexpr sql::Sql try_schema_lock = "SELECT pg_try_advisory_lock(55949430068)::int";
// Of another role's session everybody may read these columns but for backend_type, which is NULL without the rights of
// pg_read_all_stats; what serves the server itself has neither our name nor our role.
constexpr sql::Sql others_connected =
    "SELECT coalesce(nullif(application_name, ''), usename::text) AS called FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = "
    "'client backend' "
    "AND (application_name LIKE 'propusk %' OR usename = current_user) ORDER BY called LIMIT 20";

// Sorted once, an index costs a fifth of a million insertions; and a reference that is checked row by row writes a lock
// into the other table each time. The keys stay: rows are compared in their order.
constexpr sql::Sql leave_for_later =
    "SET LOCAL maintenance_work_mem = '256MB';"
    "CREATE TEMPORARY TABLE made_later (step INT, statement TEXT) ON COMMIT DROP;"
    "INSERT INTO made_later SELECT 1, pg_get_indexdef(i.indexrelid) FROM pg_index AS i "
    "JOIN pg_class AS c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'));"
    "INSERT INTO made_later SELECT 2, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, "
    "pg_get_constraintdef(oid)) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace;"
    "DO $$ DECLARE each record; BEGIN "
    "FOR each IN SELECT conrelid::regclass AS of_table, conname FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace LOOP "
    "EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.of_table, each.conname); END LOOP;"
    "FOR each IN SELECT i.indexrelid::regclass AS name FROM pg_index AS i "
    "JOIN pg_class AS c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid) LOOP "
    "EXECUTE format('DROP INDEX %s', each.name); END LOOP; END $$";
constexpr sql::Sql make_what_was_left =
    "DO $$ DECLARE each record; BEGIN FOR each IN SELECT statement FROM made_later ORDER BY step LOOP "
    "EXECUTE each.statement; END LOOP; END $$";

/// COPY … (FORMAT binary), as the manual describes it under "Binary Format".
class BinaryRows {
 public:
  BinaryRows() : bytes_("PGCOPY\n\377\r\n\0", 11) { append<std::uint32_t>(0), append<std::uint32_t>(0); }
  void add(const Batch& batch, std::size_t row) {
    const std::size_t width = batch.table().columns.size();
    append(static_cast<std::uint16_t>(width));
    for (std::size_t i = 0; i < width; ++i) std::visit([this](const auto& value) { add(value); }, batch.at(row, i));
  }
  std::string_view finish() {
    append(static_cast<std::uint16_t>(-1));
    return bytes_;
  }

 private:
  template <class Number>
  void append(Number number) {
    for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8)
      bytes_ += static_cast<char>(number >> shift & 0xffU);
  }
  void add(std::nullptr_t) { append(static_cast<std::uint32_t>(-1)); }
  void add(std::int64_t number) {
    append<std::uint32_t>(sizeof number);
    append(static_cast<std::uint64_t>(number));
  }
  void add(std::string_view text) {
    append(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void add(std::span<const std::byte> bytes) {
    add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  std::string bytes_;
};

class PostgresSide final : public Side {
 public:
  PostgresSide(const std::string& url, const Clock& clock)
      : clock_(clock), connection_({.url = url, .purpose = "copy", .statement_timeout = milliseconds{0}}, clock) {
    be_patient();
    // While the other side works or writes to its disk, this one waits in its transaction.
    connection_.run_script("SET idle_in_transaction_session_timeout = 0");
  }
  sql::Connection& connection() override { return connection_; }
  void begin_read() override { connection_.begin_read(); }
  void begin_read_alone() override {
    connection_.begin_read();
    connection_.run(lock_tables(), {});  // the first statement, so that the snapshot is of after it
  }
  void be_patient() override { connection_.set_deadline(clock_.monotonic() + patience); }
  void insert(const Batch& batch, std::size_t from) override {
    BinaryRows rows;
    for (std::size_t i = from; i < batch.rows(); ++i) rows.add(batch, i);
    connection_.copy_in(batch.table().copy_in, rows.finish());
  }
  void tidy() override {}
  void begin_many() override { connection_.run_script(leave_for_later); }
  void end_many() override {
    be_patient();
    connection_.run_script(make_what_was_left);
  }
  void agree_with_rows() override {
    // Never back: a rollback does not undo it, and the rows that stay then may have later ids.
    auto next = connection_.query(
        "SELECT setval('mail_requests_ids', greatest((SELECT last_value + 1 FROM mail_requests_ids), "
        "(SELECT coalesce(max(id), 0) + 1 FROM mail_requests)), false)",
        {});
    std::ignore = next.next();
  }
  void finish() override {
    be_patient();
    connection_.run_script("ANALYZE");  // nothing else knows yet how many rows there are
  }
  std::vector<std::string> take() override {
    bool is_locked = false;
    {
      auto lock = connection_.query(try_schema_lock, {});
      is_locked = lock.next() && lock.row().integer(0) == 1;
    }
    std::vector<std::string> found = others();
    if (!is_locked && found.empty()) found.emplace_back("a node that starts");
    return found;
  }
  std::vector<std::string> others() override {
    std::vector<std::string> found;
    be_patient();
    auto rows = connection_.query(others_connected, {});
    while (rows.next()) found.emplace_back(rows.row().text(0));
    return found;
  }

 private:
  const Clock& clock_;
  postgres::Connection connection_;
};
}  // namespace

std::unique_ptr<Side> open_postgres(const std::string& url, const Clock& clock) {
  return std::make_unique<PostgresSide>(url, clock);
}

}  // namespace propusk::copy
