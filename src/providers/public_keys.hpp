// PublicKeys: the port to the cryptography that believes other people's signatures (id_tokens of OpenID providers).
#pragma once
#include <expected>
#include <string>
#include <string_view>

namespace propusk::providers {

class PublicKeys {
 public:
  virtual ~PublicKeys() = default;
  /// Whether `token`, a compact JWS (RFC 7515 §7.1), is signed by a key of the JWK Set `key_set` (RFC 7517 §5). Only
  /// RS256, ES256 and EdDSA (Ed25519), each by a key of its own type whose `alg`, `use` and `key_ops`, where they are
  /// there, allow it; RSA keys of 2048 to 8192 bits; with a `kid` in the token only by the key of that name. Symmetric
  /// keys, `none`, and headers that bring keys of their own (`jwk`, `jku`, `x5c`, `x5u`) or `crit` are never believed.
  /// Returns the claims, a JSON object as text, or why not. What the claims say is the caller's to judge.
  struct Believed {
    std::string claims;
    std::string algorithm;
  };
  enum class Doubt : unsigned char { malformed, algorithm, unknown_key, signature };
  virtual std::expected<Believed, Doubt> believe(std::string_view token, std::string_view key_set) const = 0;
};

}  // namespace propusk::providers
