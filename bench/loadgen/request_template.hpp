// RequestTemplate: the bytes of a request with holes for numbers, values and chance.
#pragma once
#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/options.hpp"

namespace loadgen {

using Chance = std::mt19937_64;

/// Running numbers that all threads draw from.
struct Counters {
  std::atomic<std::uint64_t> number{1}, value{0};
  std::atomic<std::uint64_t> started{0};  ///< requests begun after the warm-up
};

class RequestTemplate {
 public:
  /// `options` outlives the template.
  explicit RequestTemplate(const Options& options);
  /// Replaces `out` by one request.
  void fill(std::string& out, Counters& counters, Chance& chance) const;

 private:
  struct Piece {
    enum class Kind : std::uint8_t { literal, number, value, random } kind = Kind::literal;
    std::string literal{};
    std::uint64_t below = 0, width = 0, base = 0;
  };
  using Pieces = std::vector<Piece>;
  static Pieces parse(std::string_view text, bool has_values);
  static Piece parse_random(std::string_view inside);
  void append(const Pieces& pieces, std::uint64_t number, Counters& counters, Chance& chance, std::string& out) const;

  const Options& options_;
  Pieces head_, body_;
};

}  // namespace loadgen
