// Chance as a parameter: the operating system's in production, seeded in tests.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace propusk {

/// A source of bytes that nobody can predict. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;

  /// N fresh bytes.
  template <std::size_t N>
  std::array<std::byte, N> bytes() {
    std::array<std::byte, N> out;
    fill(out);
    return out;
  }
  /// A uniform integer in [0, bound), bound > 0, without modulo bias.
  std::uint64_t below(std::uint64_t bound);
  /// `length` characters drawn uniformly from `alphabet` (at most 256 characters), without modulo bias.
  std::string text(std::string_view alphabet, std::size_t length);
};

}  // namespace propusk
