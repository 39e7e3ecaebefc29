// Two tables, and what of IPv6 is global unicast at all.
#include "platform/outbound/special_addresses.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace propusk::platform {
namespace {
constexpr Network v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, unsigned bits) {
  Network network;
  network.address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, 0};
  network.prefix_bits = 96 + bits;
  return network;
}
constexpr Network v6(std::array<std::uint8_t, 6> head, unsigned bits) {
  Network network;
  std::ranges::copy(head, network.address.bytes.begin());
  network.prefix_bits = bits;
  return network;
}

/// IANA IPv4 Special-Purpose Address Registry, multicast and above.
constexpr std::array special_v4{v4(0, 0, 0, 8),       v4(10, 0, 0, 8),      v4(100, 64, 0, 10),   v4(127, 0, 0, 8),
                                v4(169, 254, 0, 16),  v4(172, 16, 0, 12),   v4(192, 0, 0, 24),    v4(192, 0, 2, 24),
                                v4(192, 31, 196, 24), v4(192, 52, 193, 24), v4(192, 88, 99, 24),  v4(192, 168, 0, 16),
                                v4(192, 175, 48, 24), v4(198, 18, 0, 15),   v4(198, 51, 100, 24), v4(203, 0, 113, 24),
                                v4(224, 0, 0, 4),     v4(240, 0, 0, 4)};
constexpr Network nat64 = v6({0x00, 0x64, 0xff, 0x9b, 0, 0}, 96);  // RFC 6052 §2.1
constexpr Network global_v6 = v6({0x20, 0, 0, 0, 0, 0}, 3);        // RFC 4291 §2.4
/// IANA IPv6 Special-Purpose Address Registry, within global unicast.
constexpr std::array special_v6{v6({0x20, 0x01, 0, 0, 0, 0}, 23), v6({0x20, 0x01, 0x0d, 0xb8, 0, 0}, 32),
                                v6({0x20, 0x02, 0, 0, 0, 0}, 16), v6({0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48),
                                v6({0x3f, 0xff, 0, 0, 0, 0}, 20)};

bool is_in(std::span<const Network> networks, const ClientAddress& address) {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

/// The IPv4 address in the last four bytes.
ClientAddress embedded(const ClientAddress& address) {
  ClientAddress out;
  out.bytes[10] = out.bytes[11] = 0xff;
  std::copy_n(address.bytes.begin() + 12, 4, out.bytes.begin() + 12);
  return out;
}
}  // namespace

bool is_special(const ClientAddress& address) {
  if (address.is_v4()) return is_in(special_v4, address);
  if (nat64.contains(address)) return is_in(special_v4, embedded(address));
  return !global_v6.contains(address) || is_in(special_v6, address);
}

std::optional<ClientAddress> address_in(const sockaddr& socket_address) {
  ClientAddress out;
  if (socket_address.sa_family == AF_INET) {
    const auto& v4_address = reinterpret_cast<const sockaddr_in&>(socket_address);
    out.bytes[10] = out.bytes[11] = 0xff;
    std::memcpy(&out.bytes[12], &v4_address.sin_addr, 4);
    return out;
  }
  if (socket_address.sa_family != AF_INET6) return std::nullopt;
  std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(socket_address).sin6_addr, out.bytes.size());
  return out;
}

bool AddressFilter::lets_pass(const sockaddr& socket_address) const {
  const std::optional<ClientAddress> found = address_in(socket_address);
  // ::ffff:0:0/96 is in the registry itself, whatever it maps; no name leads there by accident.
  if (found && found->is_v4() && socket_address.sa_family == AF_INET6) return false;
  return found && (!is_special(*found) || is_in(allowed, *found));
}

}  // namespace propusk::platform
