// SHA-256 digests: the only form in which a token, session key or mailed secret is stored (DESIGN.md §6.1).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace propusk {

/// 32 bytes of SHA-256.
struct Digest {
  std::array<std::byte, 32> bytes{};
  /// Wide compares; the defaulted operator goes byte by byte.
  friend bool operator==(const Digest& a, const Digest& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), sizeof a.bytes) == 0;
  }
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

/// Equality whose time does not depend on where two digests differ: for secrets that somebody shows.
inline bool is_same(const Digest& a, const Digest& b) {
  std::byte difference{};
  for (std::size_t i = 0; i < a.bytes.size(); ++i) difference |= a.bytes[i] ^ b.bytes[i];
  return difference == std::byte{};
}

/// Digests are uniform already: the first word is the hash.
struct DigestHash {
  using is_avalanching = void;
  std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t word;
    std::memcpy(&word, digest.bytes.data(), sizeof word);
    return word;
  }
};

/// SHA-256 of `text` with a prefetched algorithm and one context per thread (67 ns, STACK.md §4). Throws Outage if
/// OpenSSL fails.
Digest sha256(std::string_view text);
inline Digest sha256(std::span<const std::byte> bytes) {
  return sha256(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace propusk
