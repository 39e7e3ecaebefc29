// Unbiased draws by rejection: a draw beyond the last whole multiple of the bound is thrown away.
#include "base/random.hpp"

#include <cstring>

#include "base/bug.hpp"

namespace propusk {

std::uint64_t Random::below(std::uint64_t bound) {
  require(bound > 0, "a bound of a random draw is positive");
  const std::uint64_t unusable = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    std::uint64_t drawn = 0;
    fill(std::as_writable_bytes(std::span(&drawn, 1)));
    if (drawn >= unusable) return drawn % bound;
  }
}

std::string Random::text(std::string_view alphabet, std::size_t length) {
  require(!alphabet.empty() && alphabet.size() <= 256, "an alphabet has 1 to 256 characters");
  const std::size_t usable = 256 - 256 % alphabet.size();
  std::string out;
  out.reserve(length);
  while (out.size() < length) {
    for (std::byte drawn : bytes<64>()) {
      const auto value = std::to_integer<std::size_t>(drawn);
      if (value < usable && out.size() < length) out.push_back(alphabet[value % alphabet.size()]);
    }
  }
  return out;
}

}  // namespace propusk
