// KeyRing: the port to the cryptography of signing keys. Keys are opened in memory only; rows hold them sealed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/keys/signing_key.hpp"

namespace propusk::core {

class KeyRing {
 public:
  virtual ~KeyRing() = default;
  /// A new key with a fresh kid, sealed; not in the ring until take() gets it. Throws Outage if cryptography fails.
  virtual SigningKey make(SigningAlgorithm algorithm, Instant created_at, Instant signs_from) = 0;
  /// Replaces the keys of the ring. Throws Outage, with what to do, for a key that the key file does not open: then the
  /// ring is as it was.
  virtual void take(const std::vector<SigningKey>& keys) = 0;
  /// The compact JWS (RFC 7515 §3.1) of a JSON object of claims, by the key whose turn it is at `now`, with `kid` and
  /// `typ` JWT in its header. Throws Outage if no key signs yet. Thread-safe.
  [[nodiscard]] virtual std::string sign(std::string_view claims, Instant now) const = 0;
  /// The claims of a token that a key of the ring signed and that is not retired at `now`; nothing for any other text.
  /// What the claims say, their expiry too, is the caller's to judge. Thread-safe.
  [[nodiscard]] virtual std::optional<std::string> verify(std::string_view token, Instant now) const = 0;
  /// The JWK Set (RFC 7517 §5) of the public keys that verify() believes, as JSON; keys that are to sign later are in
  /// it already, secrets never. Thread-safe.
  [[nodiscard]] virtual std::string published(Instant now) const = 0;
};

}  // namespace propusk::core
