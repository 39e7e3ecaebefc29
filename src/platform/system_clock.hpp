// SystemClock: the machine's own time, read without a system call.
#pragma once
#include "base/clock.hpp"

namespace propusk::platform {

/// now() has the resolution of the kernel's tick (1 to 10 ms; 4 ms at Debian's 250 Hz): it is read several times per
/// request and stored, never measured with. monotonic() is exact to the nanosecond. Stateless and thread-safe.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Deadline monotonic() const override;
};

}  // namespace propusk::platform
