// TlsIdentity: a fresh key with a self-signed certificate for 127.0.0.1, for servers in tests.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace propusk::platform::testing {

template <auto release>
struct Releasing {
  void operator()(auto* object) const { release(object); }
};
using TlsContext = std::unique_ptr<SSL_CTX, Releasing<SSL_CTX_free>>;

class TlsIdentity {
 public:
  TlsIdentity() : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509* certificate = certificate_.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key_.get());
    const std::unique_ptr<X509_EXTENSION, Releasing<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
    X509_add_ext(certificate, extension.get(), -1);
    X509_sign(certificate, key_.get(), EVP_sha256());
  }

  /// For a server.
  [[nodiscard]] TlsContext context() const {
    TlsContext context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(context.get(), key_.get());
    return context;
  }
  /// The certificate, for those who shall trust it.
  [[nodiscard]] std::string pem() const {
    const std::unique_ptr<BIO, Releasing<BIO_free_all>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate_.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }

 private:
  std::unique_ptr<EVP_PKEY, Releasing<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Releasing<X509_free>> certificate_;
};

}  // namespace propusk::platform::testing
