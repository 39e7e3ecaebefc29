// Sealed bytes: secrets at rest that only the holder of the sealing key reads, each in the place it was sealed for.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"

namespace propusk::platform {

inline constexpr std::size_t sealing_key_size = 32;  // XChaCha20-Poly1305
using SealingKey = Secret<std::array<std::byte, sealing_key_size>>;

/// A random nonce (24 bytes: random ones do not repeat) and the XChaCha20-Poly1305 of `secret`. `place` says what the
/// bytes are and where they belong; it is not in them, and they open in no other.
std::string seal(const SealingKey& key, const Secret<>& secret, std::string_view place, Random& random);
/// What was sealed; nothing for bytes that this key did not seal for this place, or that were changed since.
std::optional<Secret<>> unseal(const SealingKey& key, std::string_view sealed, std::string_view place);

}  // namespace propusk::platform
