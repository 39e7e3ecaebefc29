// Comparison whose time does not depend on where two values differ.
#pragma once
#include <openssl/crypto.h>

#include <string_view>

namespace propusk {

/// True if both have the same length and bytes. The length is not hidden; the content is.
inline bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace propusk
