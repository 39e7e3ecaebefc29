// SigningKey: a key that signs tokens for a while and is believed for longer; stored sealed.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/clock.hpp"

namespace propusk::core {

/// JWS algorithms (RFC 7518 §3.1, RFC 8037 §3.1). A key has one, and a token is judged by its key's, never by its own
/// header (SECURITY.md O6).
enum class SigningAlgorithm : std::uint8_t {
  hs256,  ///< a secret: only this server can verify; what the recorded servers used
  es256,  ///< public keys are published (JWKS)
  eddsa,  ///< Ed25519; public keys are published
};
struct SigningAlgorithmRow {
  SigningAlgorithm algorithm;
  std::string_view name;  ///< as stored and as in `alg`
};
inline constexpr std::array signing_algorithms{
    SigningAlgorithmRow{SigningAlgorithm::hs256, "HS256"},
    SigningAlgorithmRow{SigningAlgorithm::es256, "ES256"},
    SigningAlgorithmRow{SigningAlgorithm::eddsa, "EdDSA"},
};
constexpr std::string_view signing_algorithm_name(SigningAlgorithm algorithm) {
  return signing_algorithms[static_cast<std::size_t>(algorithm)].name;
}
/// Nothing for a name that is no algorithm of ours.
constexpr std::optional<SigningAlgorithm> signing_algorithm(std::string_view name) {
  for (const SigningAlgorithmRow& row : signing_algorithms)
    if (row.name == name) return row.algorithm;
  return std::nullopt;
}

/// A stored key. It signs from `signs_from` until a younger key of any algorithm does; it is published and believed
/// from `created_at` until `retires_at`.
struct SigningKey {
  std::string kid;  ///< 16 hex digits, random; names the key in tokens and to operators
  SigningAlgorithm algorithm{};
  std::string sealed;  ///< the private key, encrypted by the key file and bound to kid and algorithm; bytes
  Instant created_at{};
  Instant signs_from{};
  std::optional<Instant> retires_at;  ///< nothing while no younger key has been made
};

inline bool is_retired(const SigningKey& key, Instant now) { return key.retires_at && *key.retires_at <= now; }
/// Of the keys that may sign already, the first in this order does.
inline bool signs_before(const SigningKey& a, const SigningKey& b) {
  return std::tie(a.signs_from, a.created_at, a.kid) > std::tie(b.signs_from, b.created_at, b.kid);
}

}  // namespace propusk::core
