// Parsing and printing by inet_pton/inet_ntop, whose strictness (no octal, no short forms) is what a trust list needs.
#include "base/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace propusk {
namespace {
constexpr std::array<std::uint8_t, 12> v4_start{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 §2.5.5.2
constexpr unsigned v4_start_bits = 96;

bool starts_with_bits(const ClientAddress& address, const ClientAddress& network, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(network.bytes.begin(), network.bytes.begin() + whole, address.bytes.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (network.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

ClientAddress cut(const ClientAddress& address, unsigned bits) {
  ClientAddress out;
  std::copy_n(address.bytes.begin(), bits / 8, out.bytes.begin());
  if (bits % 8 != 0) out.bytes[bits / 8] = address.bytes[bits / 8] & static_cast<std::uint8_t>(0xff << (8 - bits % 8));
  return out;
}

std::optional<unsigned> parse_bits(std::string_view digits) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool padded = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || padded) return std::nullopt;
  return bits;
}
}  // namespace

std::optional<ClientAddress> ClientAddress::parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.contains('\0')) return std::nullopt;
  const std::string terminated(text);
  ClientAddress out;
  if (inet_pton(AF_INET6, terminated.c_str(), out.bytes.data()) == 1) return out;
  std::copy(v4_start.begin(), v4_start.end(), out.bytes.begin());
  if (inet_pton(AF_INET, terminated.c_str(), out.bytes.data() + v4_start.size()) == 1) return out;
  return std::nullopt;
}

bool ClientAddress::is_v4() const { return std::equal(v4_start.begin(), v4_start.end(), bytes.begin()); }

bool ClientAddress::is_loopback() const {
  if (is_v4()) return bytes[v4_start.size()] == 127;
  ClientAddress one;
  one.bytes.back() = 1;
  return *this == one;
}

ClientAddress ClientAddress::prefix() const { return is_v4() ? *this : cut(*this, 64); }

std::string ClientAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4())
    inet_ntop(AF_INET, bytes.data() + v4_start.size(), text.data(), text.size());
  else
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = ClientAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network out{*address};
  if (slash == std::string_view::npos) return out;
  const auto bits = parse_bits(text.substr(slash + 1));
  const unsigned offset = text.contains(':') ? 0 : v4_start_bits;  // `::ffff:10.0.0.0/104` counts from the start
  if (!bits || *bits > 128 - offset) return std::nullopt;
  out.prefix_bits = *bits + offset;
  if (cut(out.address, out.prefix_bits) != out.address) return std::nullopt;
  return out;
}

bool Network::contains(const ClientAddress& candidate) const {
  return starts_with_bits(candidate, address, prefix_bits);
}

}  // namespace propusk
