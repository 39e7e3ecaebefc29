// OsRandom: the operating system's random generator, the source of every token and salt.
#pragma once
#include "base/random.hpp"

namespace propusk::platform {

/// getrandom(2): waits for the pool at early boot, then never. Throws Outage if the kernel refuses. Thread-safe.
class OsRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace propusk::platform
