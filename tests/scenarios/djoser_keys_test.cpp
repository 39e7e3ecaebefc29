// Who may believe our JWTs: the published keys verify them with nothing of ours, secrets are never published, and
// another algorithm takes over without signing anybody out.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>

#include "base/encoding.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/jwt_claims.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

template <auto free>
struct Free {
  template <class T>
  void operator()(T* owned) const {
    free(owned);
  }
};
using PublicKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string decoded(const std::string& base64url) {
  const auto bytes = from_base64url(base64url).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A JWK of an elliptic curve (RFC 7518 §6.2) as OpenSSL reads it.
PublicKey p256_key(const boost::json::object& jwk) {
  EXPECT_EQ(jwk.at("crv"), "P-256");
  const std::string x = decoded(std::string(jwk.at("x").as_string())),
                    y = decoded(std::string(jwk.at("y").as_string()));
  EXPECT_EQ(x.size(), 32U);
  EXPECT_EQ(y.size(), 32U);
  const std::string point = "\x04" + x + y;
  char curve[] = "P-256";
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<char*>(point.data()), point.size()),
      OSSL_PARAM_construct_end()};
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  EXPECT_EQ(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params), 1);
  return PublicKey(key);
}

/// r and s of a JWS, 32 bytes each, in the DER of OpenSSL.
std::string der_of(const std::string& signature) {
  EXPECT_EQ(signature.size(), 64U);
  const std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes_of(signature), 32, nullptr),
                 BN_bin2bn(bytes_of(signature) + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

bool is_signed(const PublicKey& key, const EVP_MD* digest, const std::string& signature, const std::string& what) {
  const Context context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(what), what.size()) == 1;
}

class DjoserKeys : public ::testing::Test {
 protected:
  static config::Settings settings(config::JwtAlgorithm algorithm) {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.djoser.jwt_algorithm = algorithm;
    return settings;
  }
  void start(config::JwtAlgorithm algorithm, std::uint64_t seed = 1) {
    server = std::make_unique<TestServer>(settings(algorithm), std::make_unique<SeededRandom>(seed));
    client = std::make_unique<DjoserClient>(*server);
    EXPECT_EQ(client->register_stock("ann", "ann@example.com").status, 201);
  }
  [[nodiscard]] Answer jwks() const { return ask(server->port(), "GET", "/.well-known/jwks.json"); }
  [[nodiscard]] boost::json::array published() const {
    return boost::json::parse(jwks().body).as_object().at("keys").as_array();
  }
  /// The key whose `kid` the header of the token names.
  [[nodiscard]] boost::json::object key_of(const std::string& jwt) const {
    for (const boost::json::value& key : published())
      if (key.at("kid").as_string() == header_of(jwt, "kid")) return key.as_object();
    ADD_FAILURE() << "no key " << header_of(jwt, "kid") << " in " << jwks().body;
    return {};
  }
  static std::string signed_part(const std::string& jwt) { return jwt.substr(0, jwt.rfind('.')); }

  std::unique_ptr<TestServer> server;
  std::unique_ptr<DjoserClient> client;
};

TEST_F(DjoserKeys, ASharedSecretIsNeverPublished) {
  start(config::JwtAlgorithm::hs256);
  const JwtPair pair = client->pair_of("ann");

  EXPECT_EQ(header_of(pair.access, "alg"), "HS256");
  EXPECT_EQ(header_of(pair.access, "typ"), "JWT");
  EXPECT_EQ(part_of(pair.access, 2).size(), 32U);
  EXPECT_EQ(jwks().body, R"({"keys":[]})");
}

TEST_F(DjoserKeys, AnEs256SignatureIsVerifiedWithThePublishedKey) {
  start(config::JwtAlgorithm::es256);
  const JwtPair pair = client->pair_of("ann");
  for (const std::string& jwt : {pair.access, pair.refresh}) {
    EXPECT_EQ(header_of(jwt, "alg"), "ES256");
    const boost::json::object jwk = key_of(jwt);
    EXPECT_EQ(jwk.at("kty"), "EC");
    EXPECT_EQ(jwk.at("use"), "sig");
    EXPECT_EQ(jwk.at("alg"), "ES256");
    EXPECT_FALSE(jwk.contains("d"));
    const PublicKey key = p256_key(jwk);
    const std::string signature = der_of(part_of(jwt, 2));
    EXPECT_TRUE(is_signed(key, EVP_sha256(), signature, signed_part(jwt)));
    EXPECT_FALSE(is_signed(key, EVP_sha256(), signature, signed_part(jwt) + "x"));
  }
  EXPECT_TRUE(client->is_live("JWT " + pair.access));
  EXPECT_EQ(client->refresh(pair.refresh).status, 200);
}

TEST_F(DjoserKeys, AnEd25519SignatureIsVerifiedWithThePublishedKey) {
  start(config::JwtAlgorithm::eddsa);
  const JwtPair pair = client->pair_of("ann");
  for (const std::string& jwt : {pair.access, pair.refresh}) {
    EXPECT_EQ(header_of(jwt, "alg"), "EdDSA");
    const boost::json::object jwk = key_of(jwt);
    EXPECT_EQ(jwk.at("kty"), "OKP");
    EXPECT_EQ(jwk.at("crv"), "Ed25519");
    EXPECT_FALSE(jwk.contains("d"));
    const std::string x = decoded(std::string(jwk.at("x").as_string()));
    const PublicKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
    ASSERT_TRUE(key);
    EXPECT_TRUE(is_signed(key, nullptr, part_of(jwt, 2), signed_part(jwt)));
    EXPECT_FALSE(is_signed(key, nullptr, part_of(jwt, 2), signed_part(jwt) + "x"));
  }
  EXPECT_TRUE(client->is_live("Bearer " + pair.access));
  EXPECT_EQ(client->refresh(pair.refresh).status, 200);
}

TEST_F(DjoserKeys, TheKeySetIsJsonThatAnybodyMayKeepForAnHour) {
  start(config::JwtAlgorithm::es256);
  const Answer answer = jwks();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=3600");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_FALSE(answer.header("Set-Cookie"));
}

TEST_F(DjoserKeys, AnotherAlgorithmIsPublishedAnHourBeforeItSignsAndSignsNobodyOut) {
  start(config::JwtAlgorithm::hs256);
  const JwtPair old = client->pair_of("ann");

  server->restart_with(settings(config::JwtAlgorithm::es256));

  EXPECT_EQ(published().size(), 1U) << "who keeps the key set has the key when it begins to sign";
  const JwtPair before = DjoserClient::pair_in(client->refresh(old.refresh));
  EXPECT_EQ(header_of(before.access, "alg"), "HS256");
  server->clock().advance(1h);
  const JwtPair after = DjoserClient::pair_in(client->refresh(before.refresh));
  EXPECT_EQ(header_of(after.access, "alg"), "ES256");
  EXPECT_TRUE(is_signed(p256_key(key_of(after.access)), EVP_sha256(), der_of(part_of(after.access, 2)),
                        signed_part(after.access)));
  EXPECT_TRUE(client->is_live("JWT " + after.access));
  EXPECT_EQ(client->refresh(after.refresh).status, 200);
}

TEST_F(DjoserKeys, NothingThatAnotherServerSignedIsBelieved) {
  start(config::JwtAlgorithm::hs256);
  const JwtPair foreign = client->pair_of("ann");
  start(config::JwtAlgorithm::hs256, 2);
  const JwtPair own = client->pair_of("ann");
  ASSERT_TRUE(client->is_live("JWT " + own.access));
  const auto mixed = [&](const std::string& header, const std::string& claims, const std::string& signature) {
    return header.substr(0, header.find('.')) + claims.substr(claims.find('.'), claims.rfind('.') - claims.find('.')) +
           signature.substr(signature.rfind('.'));
  };
  ASSERT_EQ(mixed(own.access, own.access, own.access), own.access);
  for (const std::string& jwt :
       {foreign.access, foreign.refresh, mixed(own.access, foreign.access, own.access),
        mixed(own.access, own.refresh, own.access), mixed(foreign.access, own.access, own.access)}) {
    EXPECT_EQ(client->verify(jwt).status, 401);
    EXPECT_EQ(client->refresh(jwt).status, 401);
    EXPECT_FALSE(client->is_live("JWT " + jwt));
  }
}

}  // namespace
}  // namespace propusk::testing
