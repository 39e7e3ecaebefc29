// Connection: libpq behind RAII: connect, prepare, pipeline, bind, map errors. Nothing waits without a deadline.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/outage.hpp"
#include "stores/sql/connection.hpp"

extern "C" {
struct pg_conn;
struct pg_result;
}

namespace propusk::postgres {

/// The database saw two transactions that do not agree (a serialization failure or a deadlock): run it all again.
class Conflict final : public Outage {
 public:
  using Outage::Outage;
};

struct ConnectionSettings {
  std::string url;                        ///< libpq's: postgresql://…, several hosts allowed
  std::string purpose;                    ///< after "propusk " in pg_stat_activity
  milliseconds statement_timeout{1'500};  ///< of one statement, its wait for locks included; 0: none
  milliseconds lock_timeout{0};           ///< 0: as long as the statement
  seconds plan_life{0};                   ///< of a plan for all values; 0: PostgreSQL may plan a statement each time
};

/// What became of a COMMIT.
enum class CommitOutcome : std::uint8_t {
  durable,
  rolled_back,  ///< nothing of it will ever be seen
  conflict,     ///< the same, and running it again may succeed
  unknown,      ///< the connection broke before the answer
};

/// Why the server refused something.
enum class Failure : std::uint8_t {
  conflict,  ///< Conflict
  timeout,   ///< a statement took too long
  lock,      ///< it waited too long for a lock of somebody else
  other,
};

struct FreeResult {
  void operator()(pg_result* result) const noexcept;
};
using Result = std::unique_ptr<pg_result, FreeResult>;

/// A cursor over rows that have all arrived.
class Statement final : public sql::Statement {
 public:
  bool next() override;
  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] std::string_view text(int column) const override;
  [[nodiscard]] std::span<const std::byte> bytes(int column) const override;
  void finish() noexcept override;

 private:
  friend class Connection;
  std::string name_;          ///< of the prepared statement
  bool is_prepared_ = false;  ///< known to the server, or it was told just now
  Result rows_;
  int row_ = -1;
};

/// A session of its own. After any failure but a unique violation the transaction is gone or must be rolled back;
/// after is_lost() the connection is of no use any more.
class Connection final : public sql::Connection {
 public:
  /// Connects, trying each host for 2 s, and sets the session up. Throws Outage with what the server said and, where it
  /// is a mistake of configuration, what to do.
  Connection(ConnectionSettings settings, const Clock& clock);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::expected<std::size_t, sql::UniqueViolation> execute(sql::Sql sql, sql::Values values) override;
  std::size_t run(sql::Sql sql, sql::Values values) override;
  void run_script(sql::Sql script) override;
  [[nodiscard]] const char* text_of(sql::Sql sql) const override { return sql.postgres(); }
  /// SERIALIZABLE: it travels with the first statement.
  void begin_write() override;
  void commit() override;
  /// Does not wait for the answer.
  void rollback() noexcept override;

  /// COPY … FROM STDIN with what stands in `rows`.
  void copy_in(sql::Sql statement, std::string_view rows);

  /// A snapshot (REPEATABLE READ, READ ONLY): it travels with the first statement.
  void begin_read();
  void savepoint();
  void release_savepoint();
  /// Takes a failure back too, unless it is a conflict. If it was a lock that was waited for too long, what follows in
  /// the transaction waits for none.
  void rollback_to_savepoint();
  /// commit() for who must know more than "it failed". Never leaves a transaction open.
  CommitOutcome try_commit();
  /// Which life of which server this is: numbers of transactions mean the same wherever this is equal. Throws Outage,
  /// as an engine that is only compatible may.
  std::string server();
  /// What became of a transaction of another connection, by its xact_id(); unknown also while it is in progress.
  CommitOutcome outcome_of(std::int64_t xact_id);
  /// The server's number of the transaction that begin_write() began; nothing before its first statement was answered.
  [[nodiscard]] std::optional<std::int64_t> xact_id() const { return xact_id_; }

  /// Every wait from here on ends at `deadline`, then the connection is lost.
  void set_deadline(Deadline deadline) { deadline_ = deadline; }
  /// The socket broke, the server went away or did not answer in time, or it has become read-only.
  [[nodiscard]] bool is_lost() const { return is_lost_; }
  /// The transaction failed, or the connection with it: only rollback() makes sense.
  [[nodiscard]] bool has_failed() const { return has_failed_ || is_lost_; }

  /// For LISTEN: a payload that has arrived; nothing if none has. Does not wait.
  std::optional<std::string> take_notification();
  /// Why it has_failed(), if it was the server that said so.
  [[nodiscard]] Failure failure() const { return failure_; }
  /// What try_commit() does not know is not to be asked either: it is committed, and not where it has to be.
  [[nodiscard]] bool was_warned() const { return was_warned_; }
  /// What the server or the network said last.
  [[nodiscard]] const std::string& last_failure() const { return last_failure_; }
  /// Waits until the server sends something, `wake` can be read, or `until`.
  void wait_for_news(Deadline until, int wake = -1);

 protected:
  sql::Statement& start(sql::Sql sql, sql::Values values) override;

 private:
  struct Close {
    void operator()(pg_conn* connection) const noexcept;
  };
  /// What a statement came back with: its rows, or why it failed.
  struct Reply {
    Result answer, failed;
  };
  /// Whether a savepoint of its own ends behind the statement.
  enum class Behind : std::uint8_t { nothing, release };
  void set_up_session();
  Statement& known(sql::Sql sql);
  /// A statement whose answer is to be read; with that of its preparation, the first time.
  struct Sent {
    Statement* statement;
    bool has_preparation;
  };
  Sent send(sql::Sql sql, sql::Values values);
  Reply round_trip(sql::Sql sql, sql::Values values, Behind behind = Behind::nothing);
  Result answer_of(const Sent& sent, Result& failed);
  Result answer_to_command();
  void read_sync();
  void discard_outstanding();
  void run_simple(const char* script);
  void put_rows(std::string_view rows);
  void flush();
  Result next_result();
  void wait_for_socket(bool also_writable);
  [[noreturn]] void lose(std::string_view why);
  [[noreturn]] void fail(const pg_result* result);

  const ConnectionSettings settings_;
  const Clock& clock_;
  std::unique_ptr<pg_conn, Close> connection_;
  std::unordered_map<const char*, Statement> statements_;  ///< by the literal's address
  std::vector<sql::Sql> deferred_;                         ///< go with the next statement
  Deadline deadline_, plans_until_;
  std::optional<std::int64_t> xact_id_;
  std::vector<Sent> outstanding_;  ///< whose answer nobody has read: rollback() does not wait
  bool will_begin_ = false;        ///< BEGIN is among the deferred
  bool is_open_ = false;           ///< BEGIN was sent, its end was not
  bool was_warned_ = false;        ///< by the server, since the last COMMIT was sent
  bool has_failed_ = false, is_lost_ = false;
  Failure failure_ = Failure::other;
  std::string last_failure_;
};

}  // namespace propusk::postgres
