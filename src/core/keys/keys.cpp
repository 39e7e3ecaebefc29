// Rotation is rows: the ring is only told what they say.
#include "core/keys/keys.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"
#include "core/audit/audit.hpp"

namespace propusk::core {
namespace {
/// A key with its trail, drawn before the transaction.
struct NewKey {
  SigningKey key;
  AuditEvent made;
  Instant others_retire_at{};
};

NewKey draw(Instant signs_from, Instant others_retire_at, std::string actor, const KeyDeps& deps) {
  const Instant now = deps.clock.now();
  SigningKey key = deps.ring.make(deps.policy.algorithm, now, signs_from);
  const std::string detail = "kid=" + key.kid + " algorithm=" + std::string(signing_algorithm_name(key.algorithm));
  return {.key = std::move(key),
          .made = {.id = new_audit_id(deps.random),
                   .at = now,
                   .action = AuditAction::signing_key_made,
                   .account = {},
                   .actor = std::move(actor),
                   .detail = detail},
          .others_retire_at = others_retire_at};
}

void write(Transaction& transaction, const NewKey& made) {
  for (const SigningKey& other : transaction.keys().list()) transaction.keys().retire(other.kid, made.others_retire_at);
  transaction.keys().insert(made.key);
  transaction.audit().append(made.made);
}

/// Whether another key is to be made now: none of the configured algorithm is there, or the youngest has signed long
/// enough.
bool is_due(const std::vector<SigningKey>& keys, Instant now, const KeyPolicy& policy) {
  if (keys.empty() || keys.front().algorithm != policy.algorithm) return true;
  return keys.front().signs_from + policy.period - policy.lead <= now;
}
}  // namespace

Task<std::vector<SigningKey>> list_keys(Deadline deadline, KeyDeps deps) {
  co_return co_await deps.store.read([](const Transaction& transaction) { return transaction.keys().list(); },
                                     deadline);
}

Task<void> tend_keys(Deadline deadline, KeyDeps deps) {
  const Instant now = deps.clock.now();
  std::vector<SigningKey> keys = co_await list_keys(deadline, deps);
  const bool has_retired =
      std::ranges::any_of(keys, [&](const SigningKey& key) { return key.retires_at && *key.retires_at < now; });
  if (is_due(keys, now, deps.policy) || has_retired) {
    // The first key has nobody to be announced to.
    const Instant signs_from = keys.empty() ? now : now + deps.policy.lead;
    auto drawn =
        std::make_shared<const NewKey>(draw(signs_from, signs_from + deps.policy.longest_token, "upkeep", deps));
    std::ignore = co_await deps.store.write(
        [drawn, now, policy = deps.policy](Transaction& transaction) -> Result<void> {
          if (is_due(transaction.keys().list(), now, policy)) write(transaction, *drawn);
          transaction.keys().erase_retired(now);
          return {};
        },
        deadline);
    keys = co_await list_keys(deadline, deps);
  }
  deps.ring.take(keys);
}

Task<Result<SigningKey>> rotate_keys(std::string actor, bool is_urgent, Deadline deadline, KeyDeps deps) {
  const Instant now = deps.clock.now();
  const Instant signs_from = is_urgent ? now : now + deps.policy.lead;
  auto drawn = std::make_shared<const NewKey>(
      draw(signs_from, is_urgent ? now : signs_from + deps.policy.longest_token, std::move(actor), deps));
  CO_TRY(done, co_await deps.store.write(
                   [drawn, now, is_urgent](Transaction& transaction) -> Result<bool> {
                     write(transaction, *drawn);
                     // Gone at once, so that this helps even where the key file that opens them is lost.
                     if (is_urgent) transaction.keys().erase_retired(now + microseconds{1});
                     return true;
                   },
                   deadline));
  std::ignore = done;
  deps.ring.take(co_await list_keys(deadline, deps));
  co_return drawn->key;
}

}  // namespace propusk::core
