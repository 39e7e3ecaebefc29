// Jwk: a public key of somebody else's, as RFC 7517 and RFC 7518 section 6 write it.
#pragma once
#include <openssl/evp.h>

#include <boost/json/object.hpp>
#include <string_view>

#include "platform/jose/owned.hpp"

namespace propusk::platform {

using PublicKey = Owned<EVP_PKEY, EVP_PKEY_free>;

/// Whether `alg`, `use` and `key_ops`, where they are there, allow verifying by `algorithm`, and the key is not a
/// private one.
bool may_verify(const boost::json::object& jwk, std::string_view algorithm);
// Empty for another type of key, or values that are none: RSA of 2048 to 8192 bits, a point of P-256, a key of Ed25519.
PublicKey open_rsa(const boost::json::object& jwk);
PublicKey open_p256(const boost::json::object& jwk);
PublicKey open_ed25519(const boost::json::object& jwk);

}  // namespace propusk::platform
