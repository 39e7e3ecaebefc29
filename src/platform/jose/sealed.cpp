// libsodium's XChaCha20-Poly1305 and not AES-GCM: its nonce is long enough to be random for as many keys as one likes.
#include "platform/jose/sealed.hpp"

#include <sodium.h>

#include <span>

#include "base/bug.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(sealing_key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* raw(const SealingKey& key) { return reinterpret_cast<const unsigned char*>(key.reveal().data()); }
}  // namespace

std::string seal(const SealingKey& key, const Secret<>& secret, std::string_view place, Random& random) {
  require(sodium_init() >= 0, "libsodium starts");
  const std::string& text = secret.reveal();
  std::string out(nonce_size + text.size() + tag_size, '\0');
  random.fill(std::as_writable_bytes(std::span(out)).first<nonce_size>());
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out) + nonce_size, nullptr, raw(text), text.size(), raw(place),
                                             place.size(), nullptr, raw(out), raw(key));
  return out;
}

std::optional<Secret<>> unseal(const SealingKey& key, std::string_view sealed, std::string_view place) {
  require(sodium_init() >= 0, "libsodium starts");
  if (sealed.size() < nonce_size + tag_size) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, nonce_size), rest = sealed.substr(nonce_size);
  std::string out(rest.size() - tag_size, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(out), nullptr, nullptr, raw(rest), rest.size(), raw(place),
                                                 place.size(), raw(nonce), raw(key)) != 0)
    return std::nullopt;  // libsodium checks before it decrypts: `out` holds nothing
  return Secret<>(std::move(out));
}

}  // namespace propusk::platform
