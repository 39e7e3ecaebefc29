// PasswordHasher: the port to the hashing pool. Slow on purpose, bounded, fair; refuses instead of queueing without
// end.
#pragma once
#include <string>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  /// The PHC string of `password` at the configured cost. Refuses overloaded (queue full or deadline passed).
  virtual Task<Result<std::string>> hash(Secret<> password, const Caller& caller) = 0;
  /// Whether `password` is the one of `phc`. An unreadable or too costly stored hash is simply not matched, after
  /// the work of one hash. Refuses overloaded.
  virtual Task<Result<bool>> verify(Secret<> password, std::string phc, const Caller& caller) = 0;
  /// A hash at the configured cost that no password matches: what unknown accounts are verified against, so that they
  /// cost the same work.
  [[nodiscard]] virtual const std::string& decoy() const = 0;
  /// True if `phc` was made with other parameters than the configured ones and should be replaced at sign-in.
  [[nodiscard]] virtual bool is_outdated(const std::string& phc) const = 0;
};

}  // namespace propusk::core
