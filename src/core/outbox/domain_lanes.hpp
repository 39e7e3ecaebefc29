// DomainLanes: which domains are left alone for now, so that a failing one delays no other (SECURITY.md R17).
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/outbox/mailer.hpp"

namespace propusk::core {

/// What is known of domains while something is in work for them or went wrong lately. Not thread-safe.
class DomainLanes {
 public:
  /// Attempts to one domain at once: eight slow domains of a worker's 32 leave room for others.
  static constexpr std::size_t attempts_at_once = 4;

  explicit DomainLanes(const Clock& clock) : clock_(clock) {}
  void begin(const std::string& domain);
  /// After three attempts in a row that were delayed or found no server the domain pauses: a second, doubling up to a
  /// minute. One full mailbox is no outage, and a server that is back is found soon.
  void end(const std::string& domain, Delivery::Outcome outcome);
  /// Domains that pause, or have all their attempts taken: attempts_at_once, one while they fail.
  [[nodiscard]] std::vector<std::string> busy() const;
  [[nodiscard]] std::size_t in_work() const { return in_work_; }

 private:
  struct Lane {
    std::size_t in_work = 0;
    unsigned failures = 0;  ///< in a row
    Deadline paused_until{};
  };
  const Clock& clock_;
  std::map<std::string, Lane, std::less<>> lanes_;
  std::size_t in_work_ = 0;
};

}  // namespace propusk::core
