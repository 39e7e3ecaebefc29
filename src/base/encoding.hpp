// Text forms of bytes and numbers: hex, base64url, base36, base62. Strict decoders: one spelling per value unless said.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace propusk {

/// Lower-case hex, two characters a byte.
std::string to_hex(std::span<const std::byte> bytes);
/// Both cases accepted; nothing for an odd length or another character.
std::optional<std::vector<std::byte>> from_hex(std::string_view text);

/// RFC 4648 §5 without padding.
std::string to_base64url(std::span<const std::byte> bytes);
/// Unpadded base64url. Non-zero trailing bits are accepted, as Python does: the recorded sample uid `Ms` decodes to
/// `2` (CONTRACTS.md §3 ambiguity 9). Nothing for padding, another character or an impossible length.
std::optional<std::vector<std::byte>> from_base64url(std::string_view text);
/// Base64 of RFC 4648 section 4, its padding complete.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

/// Digits 0-9a-z, no leading zeros, "0" for zero (Django's int_to_base36).
std::string to_base36(std::uint64_t value);
/// Nothing for an empty text, another character or more than 13 digits (Django's own bound).
std::optional<std::uint64_t> from_base36(std::string_view text);

/// Digits 0-9A-Za-z (Django's signing.b62_encode).
std::string to_base62(std::uint64_t value);
std::optional<std::uint64_t> from_base62(std::string_view text);

/// The bytes of a text, without copying.
inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace propusk
