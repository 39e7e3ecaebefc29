// OpenSSL's X.509 calls, checked one by one: a certificate that lacks something would make a test pass for nothing.
#include "tests/support/test_authority.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "base/client_address.hpp"

namespace propusk::testing {
namespace {
void must(bool has_worked, const char* what) {
  if (!has_worked) throw std::runtime_error(std::string("test authority: ") + what);
}

struct FreeingBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Memory = std::unique_ptr<BIO, FreeingBio>;

std::string text_of(const Memory& memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_X509(memory.get(), certificate) == 1, "PEM");
  return text_of(memory);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  const bool is_added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  must(is_added, "extension");
}

std::string alternatives(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names)
    out += (out.empty() ? "" : ",") + std::string(ClientAddress::parse(name) ? "IP:" : "DNS:") + name;
  return out;
}
}  // namespace

TestAuthority::TestAuthority() : key_(EVP_EC_gen("P-256")) {
  must(key_ != nullptr, "key");
  certificate_ =
      sign({.name = "Propusk test authority", .names = {}, .lifetime = std::chrono::hours{1}, .is_authority = true},
           key_.get());
  std::ofstream(ca_file()) << pem_of(certificate_.get());
}
TestAuthority::~TestAuthority() = default;

TestAuthority::Certificate TestAuthority::sign(const Wish& wish, EVP_PKEY* key) const {
  Certificate out(X509_new());
  must(out != nullptr, "certificate");
  std::uint32_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial");
  X509* issuer = certificate_ ? certificate_.get() : out.get();
  const bool is_filled =
      X509_set_version(out.get(), X509_VERSION_3) == 1 &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(out.get()), serial) == 1 &&
      X509_gmtime_adj(X509_getm_notBefore(out.get()), -3'600) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(out.get()), static_cast<long>(wish.lifetime.count())) != nullptr &&
      X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0) == 1 &&
      X509_set_issuer_name(out.get(), X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(out.get(), key) == 1;
  must(is_filled, "certificate");
  extend(out.get(), issuer, NID_subject_key_identifier, "hash");
  extend(out.get(), issuer, NID_authority_key_identifier, "keyid:always");
  extend(out.get(), issuer, NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(out.get(), issuer, NID_key_usage,
         wish.is_authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  if (!wish.is_authority) extend(out.get(), issuer, NID_ext_key_usage, "serverAuth");
  if (!wish.names.empty()) extend(out.get(), issuer, NID_subject_alt_name, alternatives(wish.names));
  must(X509_sign(out.get(), key_.get(), EVP_sha256()) > 0, "signature");
  return out;
}

CertifiedKey TestAuthority::issue(const std::vector<std::string>& names, std::chrono::seconds lifetime) const {
  const Key key(EVP_EC_gen("P-256"));
  must(key != nullptr, "key");
  const Certificate certificate = sign(
      {.name = names.empty() ? "nobody" : names.front(), .names = names, .lifetime = lifetime, .is_authority = false},
      key.get());
  const Memory memory(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM");
  return {.certificate = pem_of(certificate.get()), .key = text_of(memory)};
}

}  // namespace propusk::testing
