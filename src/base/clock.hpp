// Time as a parameter: what the wall says (stored times) and what never jumps (deadlines).
#pragma once
#include <chrono>
#include <cstdint>

namespace propusk {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A wall-clock instant; stored as integer microseconds since 1970 (DESIGN.md §7).
using Instant = std::chrono::sys_time<microseconds>;
/// A point on the monotonic clock after which nobody waits any longer.
using Deadline = std::chrono::steady_clock::time_point;

/// The microseconds since 1970 of `at`: the stored form.
constexpr std::int64_t stored(Instant at) { return at.time_since_epoch().count(); }
/// The inverse of stored().
constexpr Instant instant(std::int64_t micros) { return Instant{microseconds{micros}}; }

/// Where time comes from; platform/system_clock in production, base/testing/fake_clock in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;         ///< wall clock, may be stepped by the operator
  [[nodiscard]] virtual Deadline monotonic() const = 0;  ///< never goes back
};

}  // namespace propusk
