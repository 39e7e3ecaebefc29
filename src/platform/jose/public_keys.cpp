// The key decides which algorithm a token may have, never the token alone.
#include "platform/jose/public_keys.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string>
#include <vector>

#include "platform/jose/any_value.hpp"
#include "platform/jose/compact_jws.hpp"
#include "platform/jose/jwk.hpp"

namespace propusk::platform {
namespace {
namespace json = boost::json;
constexpr std::size_t key_set_limit = 64 * 1024, keys_limit = 16;  // bytes; keys that are tried

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

bool verifies(EVP_PKEY* key, const EVP_MD* digest, std::string_view input, std::string_view signature) {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  const bool is_good = context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                       EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(input), input.size()) == 1;
  if (!is_good) ERR_clear_error();
  return is_good;
}

bool verifies_rs256(EVP_PKEY* key, std::string_view input, std::string_view signature) {
  return verifies(key, EVP_sha256(), input, signature);
}

/// RFC 7518 section 3.4: r and s of 32 bytes each; OpenSSL wants them as DER.
bool verifies_es256(EVP_PKEY* key, std::string_view input, std::string_view signature) {
  if (signature.size() != 64) return false;
  Owned<BIGNUM, BN_free> r(BN_bin2bn(raw(signature), 32, nullptr)), s(BN_bin2bn(raw(signature) + 32, 32, nullptr));
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
  std::ignore = r.release();  // the pair's now
  std::ignore = s.release();
  std::array<unsigned char, 80> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  if (size <= 0) return false;
  return verifies(key, EVP_sha256(), input,
                  {reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(size)});
}

bool verifies_eddsa(EVP_PKEY* key, std::string_view input, std::string_view signature) {
  return verifies(key, nullptr, input, signature);
}

struct Algorithm {
  std::string_view name;
  PublicKey (*open)(const json::object& jwk);
  bool (*verifies)(EVP_PKEY* key, std::string_view input, std::string_view signature);
};
constexpr std::array algorithms{Algorithm{"RS256", open_rsa, verifies_rs256},
                                Algorithm{"ES256", open_p256, verifies_es256},
                                Algorithm{"EdDSA", open_ed25519, verifies_eddsa}};

/// Claims with two members of one name mean two things to two readers.
struct UniqueNames : AnyValue {
  std::vector<std::set<std::string>> names;
  std::string name;
  bool is_unique = true;

  bool on_object_begin(Error& error) {
    names.emplace_back();
    return AnyValue::on_object_begin(error);
  }
  bool on_object_end(std::size_t size, Error& error) {
    names.pop_back();
    return AnyValue::on_object_end(size, error);
  }
  bool on_key_part(json::string_view part, std::size_t, Error&) {
    name.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t size, Error& error) {
    on_key_part(part, size, error);
    is_unique = names.back().insert(std::move(name)).second && is_unique;
    name.clear();
    return true;
  }
};

bool is_unambiguous_object(std::string_view text) {
  json::parse_options options;
  options.max_depth = 8;
  json::basic_parser<UniqueNames> parser(options);
  return reads_object(parser, text) && parser.handler().is_unique;
}

json::array keys_of(std::string_view key_set) {
  if (key_set.size() > key_set_limit) return {};
  boost::system::error_code error;
  json::value set = json::parse(key_set, error);
  if (error || !set.is_object()) return {};
  json::value* keys = set.get_object().if_contains("keys");
  return keys && keys->is_array() ? std::move(keys->get_array()) : json::array();
}

/// A token that names its key is verified by that key alone.
bool is_named(const json::object& jwk, std::string_view kid) {
  const auto* name = jwk.if_contains("kid");
  return kid.empty() || (name && name->is_string() && std::string_view(name->get_string()) == kid);
}
}  // namespace

std::expected<providers::PublicKeys::Believed, providers::PublicKeys::Doubt> JosePublicKeys::believe(
    std::string_view token, std::string_view key_set) const {
  const std::optional<CompactJws> jws = read_compact_jws(token);
  if (!jws || jws->brings_key || !is_unambiguous_object(jws->payload)) return std::unexpected(Doubt::malformed);
  const auto* algorithm = std::ranges::find(algorithms, jws->algorithm, &Algorithm::name);
  if (algorithm == algorithms.end()) return std::unexpected(Doubt::algorithm);
  std::size_t tried = 0;
  for (const json::value& key : keys_of(key_set)) {
    if (!key.is_object() || !is_named(key.get_object(), jws->kid) || !may_verify(key.get_object(), algorithm->name))
      continue;
    const PublicKey opened = algorithm->open(key.get_object());
    if (!opened) continue;
    if (algorithm->verifies(opened.get(), jws->signing_input, jws->signature))
      return Believed{.claims = jws->payload, .algorithm = jws->algorithm};
    if (++tried == keys_limit) break;
  }
  return std::unexpected(tried == 0 ? Doubt::unknown_key : Doubt::signature);
}

}  // namespace propusk::platform
