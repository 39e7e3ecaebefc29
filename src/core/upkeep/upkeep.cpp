// Background writes, each bounded so that no group commit is held up by them.
#include "core/upkeep/upkeep.hpp"

#include <string>
#include <utility>
#include <vector>

#include "core/accounts/rename.hpp"

namespace propusk::core {
namespace {
constexpr seconds sweep_grace{86'400};  // a day, so that a disabled account is still told apart from an unknown cookie
constexpr std::chrono::days mail_retention{30};  // so that an operator can answer "was I written to?"
constexpr std::size_t sweep_batch = 1'000;       // rows per write: about 10 ms of the writer
constexpr std::size_t flush_batch = 100;         // each a round trip under locks that sign-outs wait for

using Sweep = std::size_t (*)(Transaction&, Instant before);

Task<void> sweep(Sweep erase, Instant before, Deadline deadline, UpkeepDeps deps) {
  for (;;) {
    const Result<std::size_t> erased = co_await deps.store.write(
        [erase, before](Transaction& transaction) -> Result<std::size_t> { return erase(transaction, before); },
        deadline);
    if (!erased || *erased < sweep_batch) co_return;
  }
}

/// An account that was never active goes; any other keeps waiting for its address, without a claim on it.
void let_lapse(Transaction& transaction, const Account& account, std::int64_t audit_id, Instant now) {
  if (account.was_active || account.email_verified) {
    transaction.accounts().release_claim(account.id);
    if (!account.email_verified) drop_address_name(transaction.accounts(), account);
    return;
  }
  transaction.accounts().erase(account.id);
  transaction.audit().append({.id = audit_id,
                              .at = now,
                              .action = AuditAction::account_lapsed,
                              .account = account.id,
                              .actor = "upkeep",
                              .detail = ""});
}

Task<void> sweep_lapsed(Deadline deadline, UpkeepDeps deps) {
  constexpr std::size_t lapsed_batch = 100;  // each a few statements
  const Instant now = deps.clock.now();
  for (;;) {
    std::vector<std::int64_t> audit_ids(lapsed_batch);
    for (std::int64_t& id : audit_ids) id = new_audit_id(deps.random);
    const Result<std::size_t> done = co_await deps.store.write(
        [now, audit_ids](Transaction& transaction) -> Result<std::size_t> {
          const std::vector<Account> lapsed = transaction.accounts().lapsed(now, audit_ids.size());
          for (std::size_t i = 0; i < lapsed.size(); ++i) let_lapse(transaction, lapsed[i], audit_ids[i], now);
          return lapsed.size();
        },
        deadline);
    if (!done || *done < lapsed_batch) co_return;
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
  co_await sweep_lapsed(deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.credentials().erase_expired(before, sweep_batch); },
                 now - sweep_grace, deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.links().erase_expired(before, sweep_batch); },
                 now - sweep_grace, deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.grants().erase_expired(before, sweep_batch); },
                 now - sweep_grace, deadline, deps);
  co_await sweep([](Transaction& t, Instant before) { return t.outbox().erase_settled(before, sweep_batch); },
                 now - mail_retention, deadline, deps);
}

Task<void> sweep_in_turn(Deadline deadline, UpkeepDeps deps) {
  const Instant now = deps.clock.now();
  const Result<bool> is_ours = co_await deps.store.write(
      [now](Transaction& transaction) -> Result<bool> {
        return transaction.chores().take("sweep", now, now + sweep_pause);
      },
      deadline);
  if (is_ours && *is_ours) co_await sweep_expired(deadline, deps);
}

}  // namespace propusk::core
