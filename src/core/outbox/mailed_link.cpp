// The allowance first: a link costs a read whether it exists or not.
#include "core/outbox/mailed_link.hpp"

#include <memory>
#include <utility>

namespace propusk::core {

Task<Result<LiveLink>> look_at_mailed_link(LinkPresented presented, LinkPurpose purpose, const Caller& caller,
                                           const OutboxDeps& deps) {
  if (auto allowed = deps.limits.begin_unknown_secret(caller.address); !allowed)
    co_return std::unexpected(allowed.error());
  auto wanted = std::make_shared<const LinkPresented>(std::move(presented));
  co_return co_await deps.store.read(
      [wanted, purpose, now = deps.clock.now()](const Transaction& transaction) {
        return look_at_link(transaction.links(), transaction.accounts(), *wanted, purpose, now);
      },
      caller.deadline);
}

}  // namespace propusk::core
