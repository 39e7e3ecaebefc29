// Refusals wait for the commit too: what a closure read may be a neighbour's write that is not durable yet.
#include "stores/sqlite/group_commit.hpp"

#include <string>

#include "base/outage.hpp"
#include "stores/sql/transaction.hpp"

namespace propusk::sqlite {
namespace {
constexpr std::string_view broken_text =
    "the disk failed to store a write; nothing more is written until the server starts again";

/// One exception object per waiter: they are rethrown on several threads.
void fail(const QueuedWrite& write, std::string_view why) {
  write.waiter->fail(std::make_exception_ptr(Outage("store", std::string(why))));
}
}  // namespace

void GroupCommit::settle(std::vector<QueuedWrite> writes) {
  const auto now = deps_.clock.monotonic();
  std::erase_if(writes, [this, now](const QueuedWrite& write) {
    if (write.deadline > now) return false;
    ++deps_.counters.skipped_writes;
    fail(write, "the deadline passed before the write began");
    return true;
  });
  if (!writes.empty()) settle_live(writes);
}

void GroupCommit::settle_live(std::span<QueuedWrite> writes) {
  if (deps_.counters.broken) return fail_all(writes, broken_text);
  Outcome outcome = Outcome::answered;
  try {
    outcome = run_together(writes);
  } catch (const Outage& outage) {  // the database's own statements failed before any commit: BEGIN, SAVEPOINT
    deps_.connection.rollback();
    fail_all(writes, outage.cause());
  }
  break_if_a_sync_failed();
  if (outcome == Outcome::answered) return;
  ++deps_.counters.lost_transactions;
  if (writes.size() > 1) {
    for (auto& write : writes) settle_live({&write, 1});
  } else if (writes[0].thrown) {
    ++deps_.counters.failed_writes;
    writes[0].waiter->fail(writes[0].thrown);
  } else {
    fail_all(writes, "the database rolled the write back: " + deps_.connection.last_error());
  }
}

GroupCommit::Outcome GroupCommit::run_together(std::span<QueuedWrite> writes) {
  core::Effects effects;
  deps_.connection.begin_write();
  for (auto& write : writes) {
    run(write, effects);
    if (!deps_.connection.in_transaction()) return Outcome::lost;
  }
  return commit(writes, effects);
}

void GroupCommit::run(QueuedWrite& write, core::Effects& effects) {
  deps_.connection.savepoint();
  sql::Transaction transaction(deps_.connection);
  bool accepted = false;
  write.thrown = nullptr;
  try {
    accepted = write.job->run(transaction);
  } catch (...) {
    write.thrown = std::current_exception();
  }
  if (!deps_.connection.in_transaction()) return;
  if (accepted)
    effects.append(transaction.take_effects());
  else
    deps_.connection.rollback_to_savepoint();
  deps_.connection.release_savepoint();
}

GroupCommit::Outcome GroupCommit::commit(std::span<QueuedWrite> writes, const core::Effects& effects) {
  const auto began = deps_.clock.monotonic();
  const auto outcome = deps_.connection.try_commit();
  if (outcome == CommitOutcome::rolled_back) return Outcome::lost;
  if (outcome == CommitOutcome::unknown) {
    deps_.effects.forget(effects);
    fail_all(writes, "the outcome of the commit is unknown: " + deps_.connection.last_error());
    return Outcome::answered;
  }
  const auto took = std::chrono::duration_cast<microseconds>(deps_.clock.monotonic() - began);
  deps_.counters.commit_micros += static_cast<std::uint64_t>(took.count());
  deps_.counters.wal_bytes = deps_.connection.wal_bytes();
  ++deps_.counters.batches;
  if (!effects.empty()) deps_.effects.apply(effects);
  for (auto& write : writes) {
    ++(write.thrown ? deps_.counters.failed_writes : deps_.counters.writes);
    if (write.thrown)
      write.waiter->fail(std::exchange(write.thrown, nullptr));
    else
      write.waiter->complete({});
  }
  return Outcome::answered;
}

void GroupCommit::fail_all(std::span<QueuedWrite> writes, std::string_view why) {
  deps_.counters.failed_writes += writes.size();
  for (const auto& write : writes) fail(write, why);
}

void GroupCommit::break_if_a_sync_failed() {
  if (!deps_.connection.lost_a_sync() || deps_.counters.broken.exchange(true)) return;
  deps_.log(LogLevel::error, broken_text);
}

}  // namespace propusk::sqlite
