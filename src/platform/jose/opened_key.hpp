// OpenedKey: a signing key in clear. Each JWS algorithm is one class behind it, in the file of its name.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "core/keys/signing_key.hpp"

namespace propusk::platform {

/// Immutable and thread-safe. Wipes the key when it goes.
class OpenedKey {
 public:
  virtual ~OpenedKey() = default;
  /// The JWS signature of `input`, as bytes. Throws Outage if OpenSSL fails.
  [[nodiscard]] virtual std::string sign(std::string_view input) const = 0;
  /// Whether `signature` is one that sign() could have made of `input`: no second spelling of it is believed. Throws
  /// Outage if OpenSSL fails.
  [[nodiscard]] virtual bool verify(std::string_view input, std::string_view signature) const = 0;
  /// The members of the public JWK that say the key (`"kty":…` and what belongs to it), separated by commas; "" for a
  /// key that has no public half.
  [[nodiscard]] virtual std::string public_members() const = 0;
};

/// The private form of a new key, as open_key() reads it. Throws Outage if OpenSSL fails.
Secret<> make_private_key(core::SigningAlgorithm algorithm, Random& random);
/// Throws Outage for bytes that are no private form of this algorithm.
std::unique_ptr<const OpenedKey> open_key(core::SigningAlgorithm algorithm, const Secret<>& private_form);

}  // namespace propusk::platform
