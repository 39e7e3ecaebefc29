// RFC 7517 and RFC 7518 written out by hand, apart from the product's own code.
#include "tests/support/test_issuer.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "base/encoding.hpp"

namespace propusk::testing {
namespace {
void must(bool has_worked) {
  if (!has_worked) throw std::runtime_error("test issuer: OpenSSL failed");
}
std::string base64url(std::string_view bytes) { return to_base64url(as_bytes(bytes)); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string bytes_of(const BIGNUM* number, int size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  must(BN_bn2binpad(number, raw(bytes), size) == size);
  return bytes;
}

/// A number of a public key, base64url of `size` bytes; 0: as many as it has.
std::string number(const EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* found = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &found) == 1);
  std::string out = bytes_of(found, size == 0 ? BN_num_bytes(found) : size);
  BN_free(found);
  return base64url(out);
}

int coordinate_size(const EVP_PKEY* key) { return (EVP_PKEY_get_bits(key) + 7) / 8; }

const char* curve_of(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  return bits <= 256 ? "P-256" : bits <= 384 ? "P-384" : "P-521";
}
}  // namespace

TestIssuer::TestIssuer(std::string algorithm, std::string kid, const char* curve, unsigned bits)
    : algorithm_(std::move(algorithm)), kid_(std::move(kid)) {
  if (algorithm_ == "RS256")
    key_.reset(EVP_RSA_gen(bits));
  else if (algorithm_ == "ES256")
    key_.reset(EVP_EC_gen(curve));
  else
    key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  must(key_ != nullptr);
}

std::string TestIssuer::members() const {
  if (algorithm_ == "RS256")
    return R"("kty":"RSA","n":")" + number(key_.get(), OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
           number(key_.get(), OSSL_PKEY_PARAM_RSA_E) + '"';
  if (algorithm_ == "ES256") {
    const int size = coordinate_size(key_.get());
    return R"("kty":"EC","crv":")" + std::string(curve_of(key_.get())) + R"(","x":")" +
           number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, size) + R"(","y":")" +
           number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, size) + '"';
  }
  std::string point(32, '\0');
  std::size_t size = point.size();
  must(EVP_PKEY_get_raw_public_key(key_.get(), raw(point), &size) == 1);
  return R"("kty":"OKP","crv":"Ed25519","x":")" + base64url(point) + '"';
}

std::string TestIssuer::jwk() const { return jwk_with(R"("alg":")" + algorithm_ + R"(","use":"sig")"); }
std::string TestIssuer::jwk_with(const std::string& more) const {
  return '{' + members() + (kid_.empty() ? "" : R"(,"kid":")" + kid_ + '"') + (more.empty() ? "" : "," + more) + '}';
}
std::string TestIssuer::key_set() const { return R"({"keys":[)" + jwk() + "]}"; }

std::string TestIssuer::token(std::string_view claims) const {
  return token_with(R"({"alg":")" + algorithm_ + R"(","kid":")" + kid_ + R"(","typ":"JWT"})", claims);
}
std::string TestIssuer::token_with(std::string_view header, std::string_view claims) const {
  const std::string input = base64url(header) + '.' + base64url(claims);
  return input + '.' + base64url(signature(input));
}

std::string TestIssuer::raw_signature(std::string_view input) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
  std::string out(1'024, '\0');
  std::size_t size = out.size();
  must(context && EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1);
  must(EVP_DigestSign(context.get(), raw(out), &size, raw(input), input.size()) == 1);
  out.resize(size);
  return out;
}

/// Of ECDSA the two numbers side by side (RFC 7518 §3.4); OpenSSL gives DER.
std::string TestIssuer::signature(std::string_view input) const {
  std::string out = raw_signature(input);
  if (algorithm_ != "ES256") return out;
  const unsigned char* at = raw(std::string_view(out));
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(out.size())), &ECDSA_SIG_free);
  must(pair != nullptr);
  const int size = coordinate_size(key_.get());
  return bytes_of(ECDSA_SIG_get0_r(pair.get()), size) + bytes_of(ECDSA_SIG_get0_s(pair.get()), size);
}

}  // namespace propusk::testing
