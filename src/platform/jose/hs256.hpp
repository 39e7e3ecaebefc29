// HS256: HMAC-SHA256 with a secret that nobody but this server has (RFC 7518 §3.2).
#pragma once
#include "platform/jose/opened_key.hpp"

namespace propusk::platform {

/// 32 random bytes: RFC 7518 §3.2 asks for no less than the digest's size.
Secret<> make_hs256(Random& random);
/// The private form is the secret itself. Throws Outage for less than 32 bytes.
std::unique_ptr<const OpenedKey> open_hs256(const Secret<>& private_form);

}  // namespace propusk::platform
