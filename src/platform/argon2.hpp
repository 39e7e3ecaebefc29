// Argon2id in PHC form ($argon2id$v=19$m=…,t=…,p=…$salt$tag): made at the configured cost, verified within bounds.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"

namespace propusk::platform {

/// What one hash costs; one lane. The default is OWASP's smallest recommended setting for Argon2id.
struct Argon2Cost {
  std::uint32_t memory_kib = 19'456;
  std::uint32_t passes = 2;
  [[nodiscard]] std::size_t bytes() const { return std::size_t{memory_kib} * 1024; }
  friend bool operator==(const Argon2Cost&, const Argon2Cost&) = default;
};

/// Costs that are worked off at most: a stored hash from elsewhere must not buy minutes or gigabytes. Imported Django
/// hashes (100 MiB, 2 passes, 8 lanes; contracts/storage.json) fit.
inline constexpr std::uint32_t argon2_most_memory_kib = 256 * 1024;
inline constexpr std::uint32_t argon2_most_passes = 10;
inline constexpr std::uint32_t argon2_most_lanes = 16;

/// RFC 9106 §3.1: 16 bytes are recommended for password hashing.
using Argon2Salt = std::array<std::byte, 16>;

/// The parameters of a stored hash.
struct StoredArgon2 {
  Argon2Cost cost;
  std::uint32_t lanes = 1;
};

/// The parameters of `phc` if it is a well-formed Argon2id string of version 19 within the bounds above; nothing for
/// anything else: another algorithm, padding, leading zeros, trailing text, a salt or tag of unusual size.
std::optional<StoredArgon2> parse_argon2(std::string_view phc);

/// The PHC string of `password`. Throws Outage if there is no memory, Bug if the cost is out of bounds.
std::string hash_argon2(const Secret<>& password, const Argon2Cost& cost, const Argon2Salt& salt);

/// Whether `phc`, which parse_argon2() must have accepted, is of `password`; tags are compared in constant time. Throws
/// Outage if there is no memory.
bool verify_argon2(const Secret<>& password, const std::string& phc);

/// A hash with a random salt and a random tag: it costs as much to verify as any other, and no password matches it.
std::string unmatchable_argon2(const Argon2Cost& cost, Random& random);

}  // namespace propusk::platform
