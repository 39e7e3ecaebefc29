// Keys: who signs when. The next key is published before it signs, and an old one is believed until its last token has
// expired (DESIGN.md §7).
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "core/keys/key_ring.hpp"
#include "core/refusal.hpp"
#include "core/store.hpp"

namespace propusk::core {

struct KeyPolicy {
  SigningAlgorithm algorithm = SigningAlgorithm::hs256;  ///< of new keys
  /// Between publishing a key and signing with it: as long as a verifier may keep the key set (the answer's max-age).
  std::chrono::seconds lead{3'600};
  /// A key signs for so long before the next one is made by itself (NIST SP 800-57 part 1 §5.3.6: at most two years).
  std::chrono::seconds period{std::chrono::days{90}};
  /// The longest life of a token: so long an old key is believed after it signed last.
  std::chrono::seconds longest_token{std::chrono::days{1}};
};

struct KeyDeps {
  Store& store;
  KeyRing& ring;
  const Clock& clock;
  Random& random;
  KeyPolicy policy;
};

/// At start and every minute: makes the first key of the configured algorithm, or the next one when the youngest is
/// due, drops retired ones, and gives the ring what the store holds. Throws Outage.
Task<void> tend_keys(Deadline deadline, KeyDeps deps);

/// All keys, youngest first.
Task<std::vector<SigningKey>> list_keys(Deadline deadline, KeyDeps deps);

/// Makes the next key now. It signs after the lead, or at once with `is_urgent`, when no old key is believed any more:
/// every token of theirs ends. The event names `actor`.
Task<Result<SigningKey>> rotate_keys(std::string actor, bool is_urgent, Deadline deadline, KeyDeps deps);

}  // namespace propusk::core
