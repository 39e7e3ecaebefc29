// Closed, open, and one trial at a time.
#include "platform/outbound/circuit_breaker.hpp"

#include <algorithm>

namespace propusk::platform {

std::optional<CircuitBreaker::Pass> CircuitBreaker::admit(const std::string& host) {
  const auto found = circuits_.find(host);
  if (found == circuits_.end() || !found->second.is_open) return Pass::usual;
  const Deadline now = clock_.monotonic();
  if (now < found->second.shut_until) return std::nullopt;
  found->second.shut_until = now + trial_patience;
  return Pass::trial;
}

void CircuitBreaker::settle(const std::string& host, Pass pass, bool has_failed) {
  if (!has_failed) {
    circuits_.erase(host);
    return;
  }
  if (!circuits_.contains(host) && circuits_.size() >= hosts_limit) forget_one();
  Circuit& circuit = circuits_[host];
  circuit.failures = std::min(circuit.failures + 1, failures_to_open);
  const bool opens = pass == Pass::trial || (!circuit.is_open && circuit.failures == failures_to_open);
  if (!opens) return;
  circuit.is_open = true;
  circuit.shut_until = clock_.monotonic() + rest;
}

std::size_t CircuitBreaker::open() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(circuits_, [](const auto& known) { return known.second.is_open; }));
}

void CircuitBreaker::forget_one() {
  const auto closed = std::ranges::find_if(circuits_, [](const auto& known) { return !known.second.is_open; });
  circuits_.erase(closed == circuits_.end() ? circuits_.begin() : closed);
}

}  // namespace propusk::platform
