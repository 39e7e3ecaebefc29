// Members are read strictly: what has another type, spelling or length is no key.
#include "platform/jose/jwk.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "base/encoding.hpp"

namespace propusk::platform {
namespace {
using boost::json::object;
using Number = Owned<BIGNUM, BN_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Context = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
constexpr std::size_t exponent_limit = 4, modulus_limit = 1'025;  // bytes; of 8192 bits, with a zero in front

/// "" for what is absent or no text.
std::string_view text_of(const object& jwk, std::string_view name) {
  const auto* value = jwk.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

bool is(const object& jwk, std::string_view name, std::string_view wanted) { return text_of(jwk, name) == wanted; }

bool is_absent_or(const object& jwk, std::string_view name, std::string_view wanted) {
  return !jwk.contains(name) || is(jwk, name, wanted);
}

/// At most `limit` bytes in one spelling of base64url; "" for anything else.
std::string bytes_of(const object& jwk, std::string_view name, std::size_t limit) {
  const std::string_view text = text_of(jwk, name);
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() > limit || to_base64url(*bytes) != text) return "";
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

const unsigned char* raw(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

PublicKey made_of(const char* type, OSSL_PARAM* parameters) {
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    ERR_clear_error();
  return PublicKey(key);
}
}  // namespace

bool may_verify(const object& jwk, std::string_view algorithm) {
  if (!is_absent_or(jwk, "use", "sig") || !is_absent_or(jwk, "alg", algorithm) || jwk.contains("d")) return false;
  const auto* operations = jwk.if_contains("key_ops");
  if (!operations) return true;
  return operations->is_array() && std::ranges::any_of(operations->get_array(), [](const auto& each) {
           return each == boost::json::value("verify");
         });
}

PublicKey open_rsa(const object& jwk) {
  const std::string modulus = bytes_of(jwk, "n", modulus_limit), exponent = bytes_of(jwk, "e", exponent_limit);
  if (!is(jwk, "kty", "RSA") || modulus.empty() || exponent.empty()) return {};
  const Number n(BN_bin2bn(raw(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(raw(exponent), static_cast<int>(exponent.size()), nullptr));
  if (!n || !e || BN_num_bits(n.get()) < 2'048 || BN_num_bits(n.get()) > 8'192 || BN_is_odd(n.get()) != 1) return {};
  if (BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1) return {};
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return {};
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return parameters ? made_of("RSA", parameters.get()) : PublicKey();
}

PublicKey open_p256(const object& jwk) {
  const std::string x = bytes_of(jwk, "x", 32), y = bytes_of(jwk, "y", 32);
  if (!is(jwk, "kty", "EC") || !is(jwk, "crv", "P-256") || x.size() != 32 || y.size() != 32) return {};
  std::string point = '\x04' + x + y;  // SEC 1 §2.3.3: uncompressed
  char group[] = "P-256";
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                             OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                             OSSL_PARAM_construct_end()};
  return made_of("EC", parameters);
}

PublicKey open_ed25519(const object& jwk) {
  const std::string x = bytes_of(jwk, "x", 32);
  if (!is(jwk, "kty", "OKP") || !is(jwk, "crv", "Ed25519") || x.size() != 32) return {};
  return PublicKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(x), x.size()));
}

}  // namespace propusk::platform
