// Nothing is answered before the commit: what a closure read may be a neighbour's write that is not durable yet.
#include "stores/postgres/worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/encoding.hpp"
#include "stores/postgres/news.hpp"
#include "stores/sql/credentials.hpp"
#include "stores/sql/transaction.hpp"

namespace propusk::postgres {
namespace {
constexpr milliseconds first_pause{20}, longest_pause{500};  // between attempts to connect
constexpr milliseconds answer_margin{200};  // the server ends a statement; this is for its answer to arrive
constexpr seconds commit_patience{5};       // a synchronous standby may take its time
constexpr int attempts_among_others = 3;    // then the write has this node for itself
constexpr int attempts_limit = 30;          // other nodes may still be in its way
constexpr milliseconds longest_rest{20};    // between attempts against other nodes, so that they do not meet again

/// One statement for all of them: an array literal of digests.
void find_all_held(sql::Connection& connection, const std::vector<SharedJob>& jobs) {
  std::string digests = "{";
  for (const SharedJob& job : jobs) job->found.reset();  // of an attempt before
  for (const SharedJob& job : jobs)
    digests.append(digests.size() > 1 ? "," : "").append(R"("\\x)").append(to_hex(job->wanted->bytes)).append("\"");
  digests += "}";
  auto rows = connection.query(
      "SELECT digest, credentials.kind, account, credentials.epoch, prefix, label, credentials.created_at, seen_at, "
      "expires_at, idle, client, client_epoch, scope, parent, accounts.epoch, accounts.state, clients.epoch, "
      "clients.state FROM credentials JOIN accounts ON accounts.id = account LEFT JOIN clients ON clients.id = client "
      "WHERE digest = ANY ($1::text::bytea[])",
      {digests});
  while (rows.next()) {
    const auto found = sql::held(rows.row());
    for (const SharedJob& job : jobs)
      if (found && *job->wanted == found->credential.digest) job->found = found;
  }
}

std::exception_ptr outage(std::string_view why) {  // one object per waiter: they are rethrown on several threads
  return std::make_exception_ptr(Outage("store", std::string(why)));
}
}  // namespace

Worker::Worker(ConnectionSettings settings, std::size_t batch_limit, Deps deps)
    : settings_(std::move(settings)), batch_limit_(batch_limit), deps_(deps) {}

void Worker::run() {
  milliseconds pause = first_pause;
  for (;;) {
    if (!connect()) {
      if (deps_.queue.rest(pause)) break;
      pause = std::min(pause * 2, longest_pause);
      continue;
    }
    pause = first_pause;
    std::vector<SharedJob> jobs = deps_.queue.take(batch_limit_);
    if (jobs.empty()) break;
    settle(std::move(jobs));
  }
  for (auto jobs = deps_.queue.take(batch_limit_); !jobs.empty(); jobs = deps_.queue.take(batch_limit_))
    fail(jobs, "the server is shutting down");
  if (connection_) --deps_.counters.connected;
}

/// True with a connection that was not lost.
bool Worker::connect() {
  if (connection_ && !connection_->is_lost()) return true;
  if (connection_) {
    why_ = connection_->last_failure();
    --deps_.counters.connected;
    ++deps_.counters.reconnects;
  }
  connection_.reset();
  server_.clear();
  try {
    connection_.emplace(settings_, deps_.clock);
    connection_->set_deadline(deps_.clock.monotonic() + settings_.statement_timeout);
    server_ = connection_->server();
  } catch (const Outage& outage) {
    why_ = outage.cause();
    if (connection_ && connection_->is_lost()) connection_.reset();
    if (connection_) connection_->rollback();  // nothing is open; the failure is forgotten
  }
  if (connection_) {
    ++deps_.counters.connected;
    deps_.counters.connects.release();
  }
  return connection_.has_value();
}

void Worker::settle(std::vector<SharedJob> jobs) {
  if (jobs.front()->write) return write(std::move(jobs));
  if (jobs.front()->read) return read(jobs.front());
  if (jobs.front()->wanted) return look_up(std::move(jobs));
  run_statement(jobs.front());
}

/// All at once: a restart of this node makes everybody ask.
void Worker::look_up(std::vector<SharedJob> jobs) {
  connection_->set_deadline(deps_.clock.monotonic() + settings_.statement_timeout + answer_margin);
  std::exception_ptr thrown;
  try {
    find_all_held(*connection_, jobs);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (connection_->is_lost()) return deps_.queue.put_back(std::move(jobs));
  const bool was_refused = connection_->has_failed();
  connection_->rollback();  // nothing is open; a failure is forgotten
  if (was_refused) return fail(jobs, connection_->last_failure());
  if (thrown && jobs.size() > 1) {  // by a row: of one of them
    for (SharedJob& job : jobs) look_up({std::move(job)});
    return;
  }
  deps_.counters.reads += jobs.size();
  for (const SharedJob& job : jobs)
    if (thrown)
      job->waiter->fail(thrown);
    else
      job->waiter->complete({});
}

void Worker::run_statement(const SharedJob& job) {
  connection_->set_deadline(deps_.clock.monotonic() + settings_.statement_timeout + answer_margin);
  std::exception_ptr thrown;
  try {
    job->statement(*connection_);
  } catch (...) {
    thrown = std::current_exception();
  }
  const bool is_wanted = job->waiter != nullptr;
  if (connection_->is_lost()) {  // perhaps after it had happened
    if (is_wanted) deps_.queue.put_back({job});
    return;
  }
  connection_->rollback();  // nothing is open; a failure is forgotten
  if (!is_wanted) return;
  if (thrown)
    job->waiter->fail(std::move(thrown));
  else
    job->waiter->complete({});
}

void Worker::read(const SharedJob& job) {
  connection_->set_deadline(deps_.clock.monotonic() + settings_.statement_timeout + answer_margin);
  std::exception_ptr thrown;
  try {
    connection_->begin_read();
    sql::Transaction transaction(*connection_);
    job->read->run(transaction);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (connection_->is_lost()) return deps_.queue.put_back({job});
  connection_->rollback();  // a read has nothing to commit
  ++deps_.counters.reads;
  if (thrown)
    job->waiter->fail(std::move(thrown));
  else
    job->waiter->complete({});
}

void Worker::write(std::vector<SharedJob> jobs) {
  if (jobs.size() == 1) return write_alone(jobs.front());
  Outcome outcome{};
  {
    const auto turn = deps_.turns.with_others();
    outcome = run_together(jobs);
  }
  switch (outcome) {
    case Outcome::answered: return;
    case Outcome::lost: return deps_.queue.put_back(std::move(jobs));
    case Outcome::timed_out: return fail(jobs, connection_->last_failure());
    case Outcome::conflict:
    case Outcome::failed: break;
  }
  // One alone; whoever is idle takes the others.
  const SharedJob first = std::move(jobs.front());
  jobs.erase(jobs.begin());
  deps_.queue.put_back(std::move(jobs));
  write_alone(first);
}

Worker::Outcome Worker::try_alone(const SharedJob& job, int attempt) {
  if (attempt <= attempts_among_others) {
    const auto turn = deps_.turns.with_others();
    return run_together({&job, 1});
  }
  const auto longest = static_cast<std::uint64_t>(longest_rest.count());
  deps_.queue.rest(milliseconds{1 + static_cast<std::int64_t>(deps_.random.below(longest))});
  const auto turn = deps_.turns.alone();
  return run_together({&job, 1});
}

/// Until it is answered, nobody waits for it any more, or the connection is gone.
void Worker::write_alone(const SharedJob& job) {
  for (int attempt = 1; !job->is_left(); ++attempt) {
    const Outcome outcome = try_alone(job, attempt);
    if (outcome == Outcome::answered) return;
    if (outcome == Outcome::lost) return deps_.queue.put_back({job});
    const bool is_over = attempt == attempts_limit || deps_.clock.monotonic() >= job->deadline;
    if (outcome == Outcome::conflict && !is_over) continue;
    ++deps_.counters.failed_writes;
    if (thrown_[0])
      job->waiter->fail(std::exchange(thrown_[0], nullptr));
    else
      job->waiter->fail(outage("the database did not take the write: " + connection_->last_failure()));
    return;
  }
}

Worker::Outcome Worker::run_together(Batch batch) {
  connection_->set_deadline(deps_.clock.monotonic() + settings_.statement_timeout + answer_margin);
  const core::EffectTicket ticket = deps_.effects.ticket();
  thrown_.assign(batch.size(), nullptr);
  core::Effects effects;
  connection_->begin_write();
  for (std::size_t i = 0; i < batch.size() && !connection_->has_failed(); ++i) run_closure(i, batch, effects);
  if (connection_->is_lost()) return Outcome::lost;
  if (!connection_->has_failed()) return commit(batch, ticket, effects);
  connection_->rollback();
  switch (connection_->failure()) {
    case Failure::conflict: ++deps_.counters.conflicts; return Outcome::conflict;
    case Failure::timeout: return Outcome::timed_out;
    case Failure::lock:
    case Failure::other: return Outcome::failed;
  }
  std::unreachable();
}

/// Whether the others of the transaction need not fail with the closure that has failed.
bool Worker::fails_alone() const {
  const bool is_of_all = connection_->failure() == Failure::conflict || connection_->failure() == Failure::timeout;
  return !connection_->is_lost() && !is_of_all;
}

void Worker::run_closure(std::size_t which, Batch batch, core::Effects& effects) {
  const bool has_company = batch.size() > 1;
  if (has_company) connection_->savepoint();
  sql::Transaction transaction(*connection_, deps_.node);
  bool accepted = false;
  try {
    accepted = batch[which]->write->run(transaction);
  } catch (...) {
    thrown_[which] = std::current_exception();
  }
  if (connection_->has_failed()) {
    accepted = false;
    if (!thrown_[which]) thrown_[which] = outage(connection_->last_failure());
    if (!has_company || !fails_alone()) return;
  }
  if (accepted) {
    effects.append(transaction.take_effects());
    if (has_company) connection_->release_savepoint();
  } else if (has_company) {
    connection_->rollback_to_savepoint();
  } else {
    connection_->rollback();
  }
}

Worker::Outcome Worker::commit(Batch batch, const core::EffectTicket& ticket, const core::Effects& effects) {
  const auto began = deps_.clock.monotonic();
  connection_->set_deadline(began + commit_patience);
  CommitOutcome outcome = CommitOutcome::rolled_back;
  try {
    for (const std::string& payload : payloads_of(effects, deps_.name)) {
      auto rows = connection_->query("SELECT pg_notify('propusk', $1)", {payload});
      std::ignore = rows.next();
    }
    outcome = connection_->try_commit();
  } catch (const Conflict&) {
    connection_->rollback();
    outcome = CommitOutcome::conflict;
  } catch (const Outage&) {
    if (connection_->is_lost()) return Outcome::lost;
    connection_->rollback();
  }
  if (outcome == CommitOutcome::unknown && !connection_->was_warned() && connection_->xact_id()) {
    outcome = find_outcome(*connection_->xact_id());
    if (outcome == CommitOutcome::rolled_back) return Outcome::lost;
  }
  switch (outcome) {
    case CommitOutcome::conflict: ++deps_.counters.conflicts; return Outcome::conflict;
    case CommitOutcome::rolled_back: return Outcome::failed;
    case CommitOutcome::unknown:
      deps_.doubts_itself = true;
      deps_.effects.forget(effects);
      fail(batch, "the outcome of the commit is unknown: " + why_);
      return Outcome::answered;
    case CommitOutcome::durable: break;
  }
  const auto took = std::chrono::duration_cast<microseconds>(deps_.clock.monotonic() - began);
  deps_.counters.commit_micros += static_cast<std::uint64_t>(took.count());
  ++deps_.counters.batches;
  if (!effects.empty()) deps_.effects.apply(ticket, effects);
  if (!effects.clients.empty()) deps_.on_elsewhere({.clients = true, .keys = false});
  answer(batch);
  return Outcome::answered;
}

/// The connection broke before the answer to COMMIT. On the same server and timeline the number of the transaction
/// tells; elsewhere it says nothing.
CommitOutcome Worker::find_outcome(std::int64_t xact_id) {
  const std::string server = server_;
  const Deadline until = deps_.clock.monotonic() + seconds{1};
  for (milliseconds pause = first_pause; deps_.clock.monotonic() < until;
       pause = std::min(pause * 2, longest_pause / 4)) {
    if (connect()) {
      if (server.empty() || server_ != server) return CommitOutcome::unknown;
      try {
        const CommitOutcome outcome = connection_->outcome_of(xact_id);
        if (outcome != CommitOutcome::unknown) {
          ++deps_.counters.resolved_commits;
          return outcome;
        }
      } catch (const Outage& outage) {
        why_ = outage.cause();
      }
    }
    deps_.queue.rest(pause);
  }
  return CommitOutcome::unknown;
}

void Worker::answer(Batch batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ++(thrown_[i] ? deps_.counters.failed_writes : deps_.counters.writes);
    if (thrown_[i])
      batch[i]->waiter->fail(std::exchange(thrown_[i], nullptr));
    else
      batch[i]->waiter->complete({});
  }
}

void Worker::fail(Batch batch, std::string_view why) {
  deps_.counters.failed_writes += batch.size();
  for (const SharedJob& job : batch)
    if (job->waiter) job->waiter->fail(outage(why));
}

}  // namespace propusk::postgres
