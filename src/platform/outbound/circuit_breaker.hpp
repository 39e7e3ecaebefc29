// CircuitBreaker: a host that keeps failing is left alone for a while, so that its people get an answer at once and it
// gets peace.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"

namespace propusk::platform {

/// Used by one thread.
class CircuitBreaker {
 public:
  static constexpr std::uint32_t failures_to_open = 5;      ///< in a row
  static constexpr std::chrono::seconds rest{10};           ///< for which nobody is let through
  static constexpr std::chrono::seconds trial_patience{4};  ///< then one is, and the others wait for what becomes of it
  static constexpr std::size_t hosts_limit = 256;           ///< of which failures are remembered

  explicit CircuitBreaker(const Clock& clock) : clock_(clock) {}
  enum class Pass : std::uint8_t { usual, trial };
  /// Nothing: the circuit of the host is open.
  std::optional<Pass> admit(const std::string& host);
  void settle(const std::string& host, Pass pass, bool has_failed);
  /// Hosts whose circuit is open.
  [[nodiscard]] std::size_t open() const;

 private:
  struct Circuit {
    std::uint32_t failures = 0;
    Deadline shut_until{};
    bool is_open = false;
  };
  void forget_one();
  const Clock& clock_;
  std::unordered_map<std::string, Circuit> circuits_;
};

}  // namespace propusk::platform
