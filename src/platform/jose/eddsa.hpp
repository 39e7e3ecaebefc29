// EdDSA: Ed25519 signatures, whose public keys are published (RFC 8037).
#pragma once
#include "platform/jose/opened_key.hpp"

namespace propusk::platform {

/// 32 random bytes: the private key of RFC 8032 §5.1.5.
Secret<> make_eddsa(Random& random);
/// The private form is the 32 bytes of RFC 8032 §5.1.5. Throws Outage for any other.
std::unique_ptr<const OpenedKey> open_eddsa(const Secret<>& private_form);

}  // namespace propusk::platform
