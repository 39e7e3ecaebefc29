// Hex and base64url by lookup; base36 and base62 by one radix loop with an overflow check.
#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace propusk {
namespace {
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base62_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view base36_digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::uint8_t no_digit = 255;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view digits) {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr std::array<std::uint8_t, 256> hex_values = [] {
  auto values = values_of(hex_digits);
  for (std::uint8_t i = 0; i < 6; ++i) values[static_cast<std::size_t>('A') + i] = 10 + i;
  return values;
}();
constexpr auto base64_values = values_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr auto base64url_values = values_of(base64url_digits);
constexpr auto base62_values = values_of(base62_digits);
constexpr auto base36_values = values_of(base36_digits);

std::uint8_t value_of(const std::array<std::uint8_t, 256>& values, char digit) {
  return values[static_cast<unsigned char>(digit)];
}

/// Six bits a digit, the first ones first; bits of the last digit that make no byte are ignored.
std::optional<std::vector<std::byte>> from_sixes(std::string_view text, const std::array<std::uint8_t, 256>& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<std::byte> out(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  auto next = out.begin();
  for (char digit : text) {
    const std::uint8_t value = value_of(values, digit);
    if (value == no_digit) return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    *next++ = static_cast<std::byte>(bits >> held & 0xff);
  }
  return out;
}

std::string to_radix(std::uint64_t value, std::string_view digits) {
  std::string out;
  do {
    out.push_back(digits[value % digits.size()]);
    value /= digits.size();
  } while (value != 0);
  std::ranges::reverse(out);
  return out;
}

std::optional<std::uint64_t> from_radix(std::string_view text, const std::array<std::uint8_t, 256>& values,
                                        unsigned radix) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t out = 0;
  for (char digit : text) {
    const std::uint8_t value = value_of(values, digit);
    if (value == no_digit || __builtin_mul_overflow(out, std::uint64_t{radix}, &out) ||
        __builtin_add_overflow(out, std::uint64_t{value}, &out))
      return std::nullopt;
  }
  return out;
}
}  // namespace

std::string to_hex(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::byte byte : bytes) {
    out.push_back(hex_digits[std::to_integer<std::size_t>(byte >> 4)]);
    out.push_back(hex_digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
  return out;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::byte> out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = value_of(hex_values, text[i]), low = value_of(hex_values, text[i + 1]);
    if (high == no_digit || low == no_digit) return std::nullopt;
    out.push_back(static_cast<std::byte>(high << 4 | low));
  }
  return out;
}

std::string to_base64url(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned held = 0;  // how many low bits of `bits` are not yet written
  for (std::byte byte : bytes) {
    bits = bits << 8 | std::to_integer<std::uint32_t>(byte);
    for (held += 8; held >= 6; held -= 6) out.push_back(base64url_digits[bits >> (held - 6) & 63]);
  }
  if (held != 0) out.push_back(base64url_digits[bits << (6 - held) & 63]);
  return out;
}

std::optional<std::vector<std::byte>> from_base64url(std::string_view text) {
  return from_sixes(text, base64url_values);
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return from_sixes(text, base64_values);
}

std::string to_base36(std::uint64_t value) { return to_radix(value, base36_digits); }
std::optional<std::uint64_t> from_base36(std::string_view text) { return from_radix(text, base36_values, 36); }
std::string to_base62(std::uint64_t value) { return to_radix(value, base62_digits); }
std::optional<std::uint64_t> from_base62(std::string_view text) { return from_radix(text, base62_values, 62); }

}  // namespace propusk
