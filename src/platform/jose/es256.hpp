// ES256: ECDSA on P-256 with SHA-256, whose public keys are published (RFC 7518 §3.4).
#pragma once
#include "platform/jose/opened_key.hpp"

namespace propusk::platform {

/// PKCS#8 DER. The key is drawn by OpenSSL and not from `random`: OpenSSL draws the nonce of every signature itself,
/// so that its generator must be trusted anyhow.
Secret<> make_es256(Random& random);
/// The private form is PKCS#8 DER. Throws Outage for any other and for another curve.
std::unique_ptr<const OpenedKey> open_es256(const Secret<>& private_form);

}  // namespace propusk::platform
