// SHA-256 by OpenSSL; the fetch and the context are per thread because an implicit fetch costs four times the hash.
#include "base/digest.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/outage.hpp"

namespace propusk {
namespace {
struct Hasher {
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};
}  // namespace

Digest sha256(std::string_view text) {
  thread_local Hasher hasher;
  Digest digest;
  if (!hasher.algorithm || !hasher.context ||
      EVP_DigestInit_ex2(hasher.context.get(), hasher.algorithm.get(), nullptr) != 1 ||
      EVP_DigestUpdate(hasher.context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(hasher.context.get(), reinterpret_cast<unsigned char*>(digest.bytes.data()), nullptr) != 1)
    throw Outage("openssl", "SHA-256 is not available");
  return digest;
}

}  // namespace propusk
