// Looking at a link that somebody brings back from a mail: one read of the store, within a rate.
#pragma once
#include "base/caller.hpp"
#include "base/task.hpp"
#include "core/links/look.hpp"
#include "core/outbox/outbox.hpp"

namespace propusk::core {

/// look_at_link() outside a transaction. Refuses what it refuses, and limited when the client's prefix has asked for
/// too many unknown secrets.
Task<Result<LiveLink>> look_at_mailed_link(LinkPresented presented, LinkPurpose purpose, const Caller& caller,
                                           const OutboxDeps& deps);

}  // namespace propusk::core
