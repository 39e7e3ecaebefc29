// Forged tokens: whatever was not signed by a key of the ring, with that key's algorithm, is nothing.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/jose/compact_jws.hpp"
#include "platform/jose/key_ring.hpp"
#include "platform/jose/opened_key.hpp"

namespace propusk::platform {
namespace {
using core::SigningAlgorithm;
using core::SigningKey;

constexpr Instant now = instant(1'767'225'600'000'000);
constexpr std::string_view claims = R"({"sub":"42"})";
constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string coded(std::string_view text) { return to_base64url(as_bytes(text)); }
SealingKey sealing_key() { return SealingKey(std::array<std::byte, sealing_key_size>{std::byte{7}}); }

/// A ring with a key of each algorithm, whose private keys the test knows.
class TokenForgeryTest : public ::testing::TestWithParam<SigningAlgorithm> {
 protected:
  TokenForgeryTest() {
    for (const auto& row : core::signing_algorithms) {
      const Secret<> form = make_private_key(row.algorithm, random_);
      SigningKey key{.kid = kid_of(row.algorithm),
                     .algorithm = row.algorithm,
                     .sealed = {},
                     .created_at = now,
                     .signs_from = now,
                     .retires_at = std::nullopt};
      // The place is part of what is stored: rows of earlier versions must open.
      key.sealed = seal(sealing_key(), form, "propusk signing key " + std::string(row.name) + ' ' + key.kid, random_);
      rows_.push_back(key);
      keys_.push_back(open_key(row.algorithm, form));
    }
    ring_.take(rows_);
  }
  static std::string kid_of(SigningAlgorithm algorithm) {
    return "000000000000000" + std::to_string(static_cast<int>(algorithm));
  }
  const OpenedKey& key_of(SigningAlgorithm algorithm) { return *keys_.at(static_cast<std::size_t>(algorithm)); }
  /// With the right signature of the key of `signer`, whatever header and payload say.
  std::string signed_by(SigningAlgorithm signer, std::string_view header, std::string_view payload = claims) {
    const std::string input = coded(header) + '.' + coded(payload);
    return input + '.' + coded(key_of(signer).sign(input));
  }
  static std::string header(std::string_view algorithm, std::string_view kid, std::string_view more = "") {
    return R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + std::string(kid) + '"' + std::string(more) + '}';
  }
  std::string good() {
    return signed_by(GetParam(), header(core::signing_algorithm_name(GetParam()), kid_of(GetParam())));
  }
  bool is_believed(std::string_view token) { return ring_.verify(token, now).has_value(); }

  testing::SeededRandom random_;
  JoseKeyRing ring_{sealing_key(), random_};
  std::vector<SigningKey> rows_;
  std::vector<std::unique_ptr<const OpenedKey>> keys_;
};

TEST_P(TokenForgeryTest, the_token_that_the_others_are_made_of_is_good) {
  EXPECT_EQ(ring_.verify(good(), now), claims);
}

TEST_P(TokenForgeryTest, no_changed_character_anywhere_is_believed) {
  const std::string token = good();
  for (std::size_t at = 0; at < token.size(); ++at) {
    const std::size_t digit = digits.find(token[at]);
    const char next = digit == std::string_view::npos ? 'A' : digits[(digit + 1) % 64];
    const char far = digit == std::string_view::npos ? '-' : digits[(digit + 32) % 64];
    for (const char other : {next, far, '.', '=', ' ', '\0', static_cast<char>(token[at] ^ 0x80)}) {
      std::string changed = token;
      changed[at] = other;
      if (changed != token) EXPECT_FALSE(is_believed(changed)) << at << ' ' << static_cast<int>(other);
    }
  }
}

TEST_P(TokenForgeryTest, nothing_cut_off_added_or_repeated_is_believed) {
  const std::string token = good();
  for (std::size_t at = 0; at < token.size(); ++at) {
    EXPECT_FALSE(is_believed(token.substr(0, at))) << at;
    EXPECT_FALSE(is_believed(token.substr(at + 1))) << at;
    EXPECT_FALSE(is_believed(std::string(token).erase(at, 1))) << at;
  }
  const std::string signature = token.substr(token.rfind('.'));
  for (const std::string& more :
       {std::string("."), signature, std::string("="), std::string("=="), std::string("A"), std::string("AAAA"),
        std::string("\n"), std::string(1, '\0'), std::string(token_limit, 'A')})
    EXPECT_FALSE(is_believed(token + more)) << more.substr(0, 10);
  EXPECT_FALSE(is_believed(' ' + token));
  EXPECT_FALSE(is_believed("Bearer " + token));
}

TEST_P(TokenForgeryTest, an_unsigned_token_is_nothing) {
  const std::string kid = kid_of(GetParam());
  for (const std::string_view none : {"none", "None", "NONE", "nOnE", "", "null"}) {
    const std::string start = coded(header(none, kid)) + '.' + coded(claims) + '.';
    EXPECT_FALSE(is_believed(start)) << none;
    EXPECT_FALSE(is_believed(start + good().substr(good().rfind('.') + 1))) << none;
    EXPECT_FALSE(is_believed(signed_by(GetParam(), header(none, kid)))) << none;
  }
}

TEST_P(TokenForgeryTest, the_key_decides_the_algorithm_whatever_the_token_says) {
  const std::string_view own = core::signing_algorithm_name(GetParam());
  for (const std::string_view name : {"HS256", "ES256", "EdDSA", "HS384", "HS512", "RS256", "PS256", "ES384", "Ed25519",
                                      "hs256", "es256", "eddsa", "HS256 ", " ES256"})
    if (name != own) EXPECT_FALSE(is_believed(signed_by(GetParam(), header(name, kid_of(GetParam()))))) << name;
  for (const auto& row : core::signing_algorithms)
    if (row.algorithm != GetParam())
      EXPECT_FALSE(is_believed(signed_by(GetParam(), header(row.name, kid_of(row.algorithm))))) << row.name;
}

TEST_P(TokenForgeryTest, a_public_key_is_no_hmac_secret) {  // CVE-2022-29217, CVE-2024-37568 and their kin
  const std::string published = ring_.published(now);
  std::vector<std::string> secrets{published};
  const boost::json::value set = boost::json::parse(published);
  for (const boost::json::value& jwk : set.at("keys").as_array()) {
    std::string point;
    for (const char* const name : {"x", "y"})
      if (const auto* const member = jwk.as_object().if_contains(name)) {
        const auto bytes = *from_base64url(std::string_view(member->as_string()));
        point.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        secrets.emplace_back(std::string_view(member->as_string()));
      }
    secrets.push_back(point);
    secrets.push_back('\x04' + point);
  }
  for (const std::string& secret : secrets)
    for (const std::string_view name : {"HS256", "ES256", "EdDSA"}) {
      const std::string input = coded(header(name, kid_of(GetParam()))) + '.' + coded(claims);
      const std::string tag = open_key(SigningAlgorithm::hs256, Secret<>(secret))->sign(input);
      EXPECT_FALSE(is_believed(input + '.' + coded(tag))) << secret;
      EXPECT_FALSE(is_believed(input + '.' + coded(tag + tag))) << secret;
    }
}

TEST_P(TokenForgeryTest, a_missing_or_unknown_kid_finds_no_key) {
  const std::string name(core::signing_algorithm_name(GetParam()));
  EXPECT_FALSE(is_believed(signed_by(GetParam(), R"({"alg":")" + name + "\"}")));
  EXPECT_FALSE(is_believed(signed_by(GetParam(), R"({"alg":")" + name + R"(","kid":0})")));
  for (const std::string& kid : {std::string(), std::string("0"), std::string("00000000000000ff"),
                                 kid_of(GetParam()) + '0', ' ' + kid_of(GetParam()), kid_of(GetParam()) + R"(\u0000)",
                                 std::string("../../dev/null"), std::string("' OR 1=1 --")})
    EXPECT_FALSE(is_believed(signed_by(GetParam(), header(name, kid)))) << kid;
}

TEST_P(TokenForgeryTest, doubled_members_and_extensions_are_refused_even_with_our_signature) {
  const std::string name(core::signing_algorithm_name(GetParam())), kid = kid_of(GetParam());
  for (const std::string& more :
       {R"(,"kid":")" + kid + '"', R"(,"alg":")" + name + '"', std::string(R"(,"crit":["b64"],"b64":false)"),
        std::string(R"(,"crit":[])"), std::string(R"(,"typ":"JWT","typ":"JWT")")})
    EXPECT_FALSE(is_believed(signed_by(GetParam(), header(name, kid, more)))) << more;
}

TEST_P(TokenForgeryTest, a_key_that_the_token_brings_along_is_not_used) {
  const std::string_view name = core::signing_algorithm_name(GetParam());
  const auto own = open_key(GetParam(), make_private_key(GetParam(), random_));
  for (const std::string& more :
       {R"(,"jwk":{)" + own->public_members() + '}', std::string(R"(,"jku":"https://evil.example/")"),
        std::string(R"(,"x5u":"https://evil.example/")"), std::string(R"(,"x5c":["MIIB"])")}) {
    const std::string input = coded(header(name, kid_of(GetParam()), more)) + '.' + coded(claims);
    EXPECT_FALSE(is_believed(input + '.' + coded(own->sign(input)))) << more;
    EXPECT_TRUE(is_believed(signed_by(GetParam(), header(name, kid_of(GetParam()), more)))) << "it is only ignored";
  }
}

TEST_P(TokenForgeryTest, claims_are_a_json_object_in_utf_8_even_with_our_signature) {
  const std::string own = header(core::signing_algorithm_name(GetParam()), kid_of(GetParam()));
  for (const std::string_view payload : {"[]", "1", "\"{}\"", "{", "{}{}", "Example", "{\"a\":\"\xff\"}", "\xff"})
    EXPECT_FALSE(is_believed(signed_by(GetParam(), own, payload))) << payload;
}

TEST_P(TokenForgeryTest, parts_of_two_good_tokens_make_no_third) {
  const std::string first = ring_.sign(R"({"sub":"1"})", now), second = ring_.sign(R"({"sub":"2"})", now);

  EXPECT_FALSE(is_believed(first.substr(0, first.rfind('.')) + second.substr(second.rfind('.'))));
}

INSTANTIATE_TEST_SUITE_P(Each, TokenForgeryTest,
                         ::testing::Values(SigningAlgorithm::hs256, SigningAlgorithm::es256, SigningAlgorithm::eddsa),
                         [](const auto& algorithm) {
                           return std::string(core::signing_algorithm_name(algorithm.param));
                         });

}  // namespace
}  // namespace propusk::platform
