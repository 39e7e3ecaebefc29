// PostgresStore: a store on a PostgreSQL server, shared with other nodes: connections of its own, serializable
// transactions, and a listener that hears what the others ended.
#pragma once
#include <memory>
#include <string>

#include "base/random.hpp"
#include "stores/open.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::postgres {

struct Options {
  std::string url;        ///< libpq's
  std::int64_t node = 0;  ///< whose a leased mail is
  /// Threads with a connection each. One is reserved for looking up credentials that are not in memory, so that neither
  /// slow writes nor many of them keep those who are signed in waiting.
  std::size_t connections = 8;
  milliseconds statement_timeout{1'500};
  std::size_t queue_capacity = 4096;  ///< jobs waiting: far more than are begun within the patience
  std::size_t batch_limit = 32;       ///< writes per transaction: PostgreSQL keeps 64 savepoints in shared memory
  seconds start_patience{10};         ///< for the database at the start: they may be started together
  stores::StartThread start_thread{};
  stores::Log log{};
  stores::OnElsewhere on_elsewhere{};

  /// What has not been begun after this is refused: with the statement's own time, an answer within 2 s (SECURITY.md
  /// R8) unless the operator wants another.
  [[nodiscard]] milliseconds queue_patience() const { return statement_timeout / 4; }
  /// Nobody of ours holds a lock for so long; with the patience above, a write in somebody's way is refused within 1 s
  /// (SECURITY.md R18).
  [[nodiscard]] milliseconds lock_timeout() const { return statement_timeout / 6; }
};

/// Waiters are resumed on their own executors: these must outlive the store.
class PostgresStore final : public stores::OperatedStore {
 public:
  /// Connects, migrates under a lock that other nodes respect, and waits until it hears from the database and has its
  /// connections, or as many as it gets in time. The references outlive the store. Throws Outage with a sentence that
  /// says what is wrong.
  PostgresStore(Options options, core::EffectSink& effects, const Clock& clock, Random& random);
  /// Finishes what is queued and disconnects.
  ~PostgresStore() override;

  [[nodiscard]] stores::Figures figures() const override;
  [[nodiscard]] core::SharedBuckets* shared_buckets() override;
  Task<std::optional<core::CredentialStore::Held>> look_up(Digest digest, Deadline deadline) override;

 protected:
  Task<void> run_read(std::shared_ptr<ReadJob> job, Deadline deadline) override;
  Task<void> run_write(std::shared_ptr<WriteJob> job, Deadline deadline) override;

 private:
  Task<void> run_statement(std::function<void(sql::Connection&)> statement, Deadline deadline);
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::postgres
