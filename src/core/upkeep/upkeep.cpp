// Background writes, each bounded so that no group commit is held up by them.
#include "core/upkeep/upkeep.hpp"

#include <string>
#include <utility>
#include <vector>

namespace propusk::core {
namespace {
constexpr seconds sweep_grace{86'400};  // a day, so that a disabled account is still told apart from an unknown cookie
constexpr std::chrono::days mail_retention{30};  // so that an operator can answer "was I written to?"
constexpr std::size_t sweep_batch = 1'000;       // rows per write: about 10 ms of the writer
constexpr std::size_t flush_batch = 1'000;

using Sweep = std::size_t (*)(Transaction&, Instant before);

Task<void> sweep(Sweep erase, Instant before, Deadline deadline, UpkeepDeps deps) {
  for (;;) {
    const Result<std::size_t> erased = co_await deps.store.write(
        [erase, before](Transaction& transaction) -> Result<std::size_t> { return erase(transaction, before); },
        deadline);
    if (!erased || *erased < sweep_batch) co_return;
  }
}

/// Cuts `all` into pieces of at most flush_batch.
template <class T>
std::vector<std::vector<T>> in_batches(std::vector<T> all) {
  std::vector<std::vector<T>> batches;
  for (std::size_t from = 0; from < all.size(); from += flush_batch)
    batches.emplace_back(
        std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from)),
        std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(std::min(from + flush_batch, all.size()))));
  return batches;
}
}  // namespace

Task<void> flush_failed_sign_ins(Deadline deadline, UpkeepDeps deps) {
  struct Summary {
    FailedSignIns failures;
    AuditEvent event;
  };
  std::vector<Summary> summaries;
  for (const FailedSignIns& failures : deps.limits.take_failures())
    summaries.push_back({failures,
                         {.id = new_audit_id(deps.random),
                          .at = deps.clock.now(),
                          .action = AuditAction::sign_in_failed,
                          .account = failures.account,
                          .actor = "clients",
                          .detail = "count=" + std::to_string(failures.counted)}});
  for (std::vector<Summary>& batch : in_batches(std::move(summaries))) {
    std::ignore = co_await deps.store.write(
        [batch = std::move(batch)](Transaction& transaction) -> Result<void> {
          for (const Summary& summary : batch) {
            transaction.accounts().note_failed_sign_ins(summary.failures);
            transaction.audit().append(summary.event);
          }
          return {};
        },
        deadline);
  }
}

Task<void> flush_seen(Deadline deadline, UpkeepDeps deps) {
  for (std::vector<LiveCredentials::Seen>& batch : in_batches(deps.live.take_seen())) {
    std::ignore = co_await deps.store.write(
        [batch = std::move(batch)](Transaction& transaction) -> Result<void> {
          for (const LiveCredentials::Seen& seen : batch) transaction.credentials().note_seen(seen.digest, seen.at);
          return {};
        },
        deadline);
  }
}

Task<void> sweep_expired(Deadline deadline, UpkeepDeps deps) {
  const Instant now = deps.clock.now();
  co_await sweep([](Transaction& t, Instant before) { return t.credentials().erase_expired(before, sweep_batch); },
                 now - sweep_grace, deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.links().erase_expired(before, sweep_batch); },
                 now - sweep_grace, deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.outbox().erase_settled(before, sweep_batch); },
                 now - mail_retention, deadline, deps);
}

}  // namespace propusk::core
