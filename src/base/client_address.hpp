// Where a request comes from, and the prefix by which strangers are counted (/32 for IPv4, /64 for IPv6).
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace propusk {

/// An IP address, IPv4 as IPv4-mapped IPv6. Value type; the default is `::`.
struct ClientAddress {
  std::array<std::uint8_t, 16> bytes{};
  /// Accepts dotted IPv4 and any IPv6 spelling, without port, brackets or zone. Nothing for anything else.
  static std::optional<ClientAddress> parse(std::string_view text);
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  /// The unit of fairness: the address itself for IPv4, its /64 for IPv6 (DESIGN.md §5).
  [[nodiscard]] ClientAddress prefix() const;
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const ClientAddress&, const ClientAddress&) = default;
  friend auto operator<=>(const ClientAddress&, const ClientAddress&) = default;
};

/// A network in CIDR form, for the trusted-proxy list.
struct Network {
  ClientAddress address;
  unsigned prefix_bits = 128;  ///< of the 128-bit form: an IPv4 /8 is 104
  /// `10.0.0.0/8`, `fd00::/8`, or a bare address. Nothing for anything else, or for bits beyond the prefix.
  static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(const ClientAddress&) const;
};

}  // namespace propusk
