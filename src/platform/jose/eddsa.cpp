// OpenSSL refuses signatures whose second half is not reduced (RFC 8032 §5.1.7), so that each has one spelling.
#include "platform/jose/eddsa.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <span>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "platform/jose/owned.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t key_size = 32, signature_size = 64;  // RFC 8032 §5.1.5, §5.1.6
using Context = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

class EddsaKey final : public OpenedKey {
 public:
  explicit EddsaKey(Owned<EVP_PKEY, EVP_PKEY_free> key) : key_(std::move(key)) {}

  [[nodiscard]] std::string sign(std::string_view input) const override {
    const Context context(EVP_MD_CTX_new());
    std::string out(signature_size, '\0');
    std::size_t size = out.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(input), input.size()) !=
            1)
      throw Outage("openssl", "Ed25519 failed");
    return out;
  }
  [[nodiscard]] bool verify(std::string_view input, std::string_view signature) const override {
    const Context context(EVP_MD_CTX_new());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1)
      throw Outage("openssl", "Ed25519 is not available");
    if (EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(input), input.size()) == 1) return true;
    ERR_clear_error();  // or the next user of OpenSSL in this thread takes it for its own failure
    return false;
  }
  [[nodiscard]] std::string public_members() const override {
    std::array<std::byte, key_size> point{};
    std::size_t size = point.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(point.data()), &size) != 1)
      throw Outage("openssl", "an Ed25519 key has no public half");
    return fmt::format(R"("kty":"OKP","crv":"Ed25519","x":"{}")", to_base64url(point));
  }

 private:
  Owned<EVP_PKEY, EVP_PKEY_free> key_;
};
}  // namespace

Secret<> make_eddsa(Random& random) {
  std::string seed(key_size, '\0');
  random.fill(std::as_writable_bytes(std::span(seed)));
  return Secret<>(std::move(seed));
}

std::unique_ptr<const OpenedKey> open_eddsa(const Secret<>& private_form) {
  const std::string& seed = private_form.reveal();
  Owned<EVP_PKEY, EVP_PKEY_free> key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), seed.size()));
  if (!key) throw Outage("signing key", "this is no Ed25519 key");
  return std::make_unique<EddsaKey>(std::move(key));
}

}  // namespace propusk::platform
