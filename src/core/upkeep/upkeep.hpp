// Upkeep: what the core writes in the background: counted failures, last-seen times, and the sweep of old rows.
#pragma once
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "core/limits/limits.hpp"
#include "core/sessions/live_credentials.hpp"
#include "core/store.hpp"

namespace propusk::core {

struct UpkeepDeps {
  Store& store;
  LiveCredentials& live;
  Limits& limits;
  const Clock& clock;
  Random& random;
};

/// One coalesced write of all failed sign-ins since the last call, each account with one summary in the audit trail.
/// Throws Outage; the failures of that call are then lost from the row, not from the limits in memory.
Task<void> flush_failed_sign_ins(Deadline deadline, UpkeepDeps deps);
/// One coalesced write of last-seen times (at most one per credential and hour).
Task<void> flush_seen(Deadline deadline, UpkeepDeps deps);
/// Deletes pending accounts that nobody activated in time (or, of those that were active before, their claims), and
/// credentials and links that expired more than a day ago, and mails that left the queue more than 30 days ago;
/// a bounded number per write, until none is left.
Task<void> sweep_expired(Deadline deadline, UpkeepDeps deps);
/// The same, if no node has done it within the last sweep_pause.
Task<void> sweep_in_turn(Deadline deadline, UpkeepDeps deps);
inline constexpr std::chrono::seconds sweep_pause{300};  ///< half of the time after which each node asks again

}  // namespace propusk::core
