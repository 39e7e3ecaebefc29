// TestIssuer: signs as other people's servers do, by OpenSSL alone: a second opinion on what the product believes.
#pragma once
#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace propusk::testing {

/// One private key. Throws if OpenSSL fails.
class TestIssuer {
 public:
  /// `algorithm`: RS256, ES256 or EdDSA; `kid` "": the key has no name. `curve` of ES256, `bits` of RS256.
  explicit TestIssuer(std::string algorithm, std::string kid = "k", const char* curve = "P-256", unsigned bits = 2'048);

  /// The members of its public JWK that say the key, as `"kty":"OKP",…`.
  [[nodiscard]] std::string members() const;
  /// Its public JWK with `alg` and `use`, or with `more` instead of these.
  [[nodiscard]] std::string jwk() const;
  [[nodiscard]] std::string jwk_with(const std::string& more) const;
  /// A JWK Set of it alone.
  [[nodiscard]] std::string key_set() const;

  /// A compact JWS of these claims with the usual header, or with another one.
  [[nodiscard]] std::string token(std::string_view claims) const;
  [[nodiscard]] std::string token_with(std::string_view header, std::string_view claims) const;
  /// The signature of `input` as JWS has it, bytes.
  [[nodiscard]] std::string signature(std::string_view input) const;

 private:
  struct Freeing {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  [[nodiscard]] std::string raw_signature(std::string_view input) const;
  std::string algorithm_, kid_;
  std::unique_ptr<EVP_PKEY, Freeing> key_;
};

}  // namespace propusk::testing
