// TestAuthority: an authority of certificates for tests, and the file by which others trust it.
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace propusk::testing {

/// A certificate and its private key, PEM both.
struct CertifiedKey {
  std::string certificate, key;
};

class TestAuthority {
 public:
  /// A new one, with a key of its own. Throws if OpenSSL fails, as issue() does.
  TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;
  ~TestAuthority();

  /// Its own certificate, PEM; the file lives as long as this.
  [[nodiscard]] std::string ca_file() const { return (directory_.path() / "ca.pem").string(); }
  /// For a server with these names and addresses, from an hour ago until `lifetime` from now: a negative one is over.
  [[nodiscard]] CertifiedKey issue(const std::vector<std::string>& names,
                                   std::chrono::seconds lifetime = std::chrono::hours{1}) const;

 private:
  struct Freeing {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Freeing>;
  using Certificate = std::unique_ptr<X509, Freeing>;
  struct Wish {
    std::string name;                ///< of the subject
    std::vector<std::string> names;  ///< alternative ones
    std::chrono::seconds lifetime;
    bool is_authority;
  };
  [[nodiscard]] Certificate sign(const Wish& wish, EVP_PKEY* key) const;

  TemporaryDirectory directory_;
  Key key_;
  Certificate certificate_;
};

}  // namespace propusk::testing
