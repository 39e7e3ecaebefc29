// A JWS has r and s side by side where OpenSSL speaks DER (RFC 7518 §3.4). Both s and n - s verify: only the smaller is
// made and believed, so that nobody can turn a token of ours into a second one.
#include "platform/jose/es256.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "platform/jose/owned.hpp"

namespace propusk::platform {
namespace {
constexpr int half_size = 32;  // RFC 7518 §3.4: r and s have 32 octets each
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Number = Owned<BIGNUM, BN_free>;
using Context = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Group = Owned<EC_GROUP, EC_GROUP_free>;
using Signature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void must(bool holds) {
  if (!holds) throw Outage("openssl", "ECDSA on P-256 failed");
}

/// A coordinate of the public point.
std::string coordinate(const EVP_PKEY* key, const char* name) {
  BIGNUM* found = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &found) == 1);
  const Number number(found);
  std::array<std::byte, half_size> bytes{};
  must(BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()), half_size) == half_size);
  return to_base64url(bytes);
}

class Es256Key final : public OpenedKey {
 public:
  explicit Es256Key(Key key) : key_(std::move(key)), group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)) {
    must(group_ && half_order_ && BN_rshift1(half_order_.get(), order()) == 1);
  }

  [[nodiscard]] std::string sign(std::string_view input) const override {
    const Context context(EVP_MD_CTX_new());
    std::array<unsigned char, 2 * half_size + 8> der{};  // 8: the frames of one sequence and two integers
    std::size_t size = der.size();
    must(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestSign(context.get(), der.data(), &size, raw(input), input.size()) == 1);
    const unsigned char* at = der.data();
    const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    must(signature != nullptr);
    return side_by_side(*signature);
  }
  [[nodiscard]] bool verify(std::string_view input, std::string_view signature) const override {
    if (signature.size() != std::size_t{2} * half_size) return false;
    Number r(BN_bin2bn(raw(signature), half_size, nullptr));
    Number s(BN_bin2bn(raw(signature) + half_size, half_size, nullptr));
    must(r && s);
    if (BN_cmp(s.get(), half_order_.get()) > 0) return false;
    const Signature pair(ECDSA_SIG_new());
    must(pair && ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1);
    return believes(input, *pair);
  }
  [[nodiscard]] std::string public_members() const override {
    return fmt::format(R"("kty":"EC","crv":"P-256","x":"{}","y":"{}")",
                       coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X),
                       coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y));
  }

 private:
  [[nodiscard]] const BIGNUM* order() const { return EC_GROUP_get0_order(group_.get()); }

  [[nodiscard]] std::string side_by_side(const ECDSA_SIG& signature) const {
    const BIGNUM* const r = ECDSA_SIG_get0_r(&signature);
    const BIGNUM* const s = ECDSA_SIG_get0_s(&signature);
    const Number other(BN_new());
    must(other && BN_sub(other.get(), order(), s) == 1);
    std::string out(std::size_t{2} * half_size, '\0');
    auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
    const BIGNUM* const smaller = BN_cmp(s, half_order_.get()) > 0 ? other.get() : s;
    must(BN_bn2binpad(r, bytes, half_size) == half_size &&
         BN_bn2binpad(smaller, bytes + half_size, half_size) == half_size);
    return out;
  }
  [[nodiscard]] bool believes(std::string_view input, const ECDSA_SIG& signature) const {
    std::array<unsigned char, 2 * half_size + 8> der{};
    unsigned char* end = der.data();
    const int size = i2d_ECDSA_SIG(&signature, &end);
    const Context context(EVP_MD_CTX_new());
    must(size > 0 && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
    if (EVP_DigestVerify(context.get(), der.data(), static_cast<std::size_t>(size), raw(input), input.size()) == 1)
      return true;
    ERR_clear_error();  // or the next user of OpenSSL in this thread takes it for its own failure
    return false;
  }

  Key key_;
  Group group_;
  Number half_order_{BN_new()};
};

bool is_on_p256(const EVP_PKEY* key) {
  std::array<char, 32> name{};
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1 &&
         std::string_view(name.data()) == SN_X9_62_prime256v1;
}
}  // namespace

Secret<> make_es256(Random&) {
  const Key key(EVP_EC_gen("P-256"));
  const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> wrapped(key ? EVP_PKEY2PKCS8(key.get()) : nullptr);
  unsigned char* der = nullptr;
  const int size = wrapped ? i2d_PKCS8_PRIV_KEY_INFO(wrapped.get(), &der) : 0;
  must(size > 0);
  Secret<> out(std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)));
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return out;
}

std::unique_ptr<const OpenedKey> open_es256(const Secret<>& private_form) {
  const std::string& der = private_form.reveal();
  const unsigned char* at = raw(der);
  const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> wrapped(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  Key key(wrapped ? EVP_PKCS82PKEY(wrapped.get()) : nullptr);
  if (!key || !is_on_p256(key.get())) {
    ERR_clear_error();
    throw Outage("signing key", "this is no P-256 key");
  }
  return std::make_unique<Es256Key>(std::move(key));
}

}  // namespace propusk::platform
