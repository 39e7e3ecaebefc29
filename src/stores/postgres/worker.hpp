// Worker: one connection and the thread that works on it: closures become transactions, and whoever waits is answered.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/sessions/effects.hpp"
#include "stores/open.hpp"
#include "stores/postgres/connection.hpp"
#include "stores/postgres/job_queue.hpp"
#include "stores/postgres/turns.hpp"

namespace propusk::postgres {

/// Written by the workers, read by anyone.
struct Counters {
  std::atomic<std::uint64_t> writes{0}, batches{0}, commit_micros{0}, conflicts{0}, failed_writes{0}, reads{0},
      reconnects{0}, resolved_commits{0};
  std::atomic<int> connected{0};
  std::counting_semaphore<> connects{0};  ///< released at each connect: a start waits for the first ones
};

class Worker {
 public:
  struct Deps {
    JobQueue& queue;
    core::EffectSink& effects;
    const Clock& clock;
    Random& random;
    Counters& counters;
    const stores::Log& log;
    const stores::OnElsewhere& on_elsewhere;
    const std::string& name;  ///< of the node, among those that hear each other
    std::int64_t node;        ///< whose the leases are
    Turns& turns;
    std::atomic<bool>& doubts_itself;  ///< set at the first commit whose outcome stays unknown
  };
  /// The references outlive it. `batch_limit` writes share a transaction at most.
  Worker(ConnectionSettings settings, std::size_t batch_limit, Deps deps);

  /// Works until the queue is closed and empty. While the database is away, it tries to connect and takes no job.
  void run();

 private:
  using Batch = std::span<const SharedJob>;
  enum class Outcome : std::uint8_t {
    answered,
    conflict,   ///< nothing happened: run it again
    failed,     ///< nothing happened: the database refused something
    timed_out,  ///< nothing happened: a statement took too long
    lost,       ///< nothing happened: the connection is gone
  };
  bool connect();
  void settle(std::vector<SharedJob> jobs);
  void read(const SharedJob& job);
  void look_up(std::vector<SharedJob> jobs);
  void run_statement(const SharedJob& job);
  void write(std::vector<SharedJob> jobs);
  void write_alone(const SharedJob& job);
  Outcome try_alone(const SharedJob& job, int attempt);
  Outcome run_together(Batch batch);
  void run_closure(std::size_t which, Batch batch, core::Effects& effects);
  [[nodiscard]] bool fails_alone() const;
  Outcome commit(Batch batch, const core::EffectTicket& ticket, const core::Effects& effects);
  CommitOutcome find_outcome(std::int64_t xact_id);
  void answer(Batch batch);
  void fail(Batch batch, std::string_view why);

  const ConnectionSettings settings_;
  const std::size_t batch_limit_;
  Deps deps_;
  std::optional<Connection> connection_;
  std::string server_;                      ///< of the connection
  std::vector<std::exception_ptr> thrown_;  ///< by the closures of the batch under way
  std::string why_;                         ///< the last failure, for whoever waits
};

}  // namespace propusk::postgres
