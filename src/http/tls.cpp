// A fresh context per load: a half-loaded one is never served.
#include "http/tls.hpp"

#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>
#include <utility>

namespace propusk::http {

namespace {
namespace ssl = boost::asio::ssl;

/// Clients that negotiate (ALPN) are told HTTP/1.1, the one version spoken here; others are served all the same.
// NOLINTNEXTLINE: OpenSSL's callback has six parameters
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  auto* out = const_cast<unsigned char*>(*chosen);
  const int result = SSL_select_next_proto(&out, length, ours, sizeof ours - 1, offered, size);
  *chosen = out;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}
}  // namespace

std::optional<std::string> TlsSlot::load(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // idle connections hold no 16 KiB records
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);

  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate, error);
  if (error) return "cannot use the certificate " + files.certificate + ": " + error.message();
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (error) return "cannot use the key " + files.key + ": " + error.message();
  if (SSL_CTX_check_private_key(native) != 1)
    return "the key " + files.key + " does not belong to the certificate " + files.certificate;

  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return std::nullopt;
}

std::shared_ptr<ssl::context> TlsSlot::current() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

}  // namespace propusk::http
