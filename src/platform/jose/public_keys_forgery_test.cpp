// Forged tokens and treacherous keys: none of them is believed, whoever signed.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/encoding.hpp"
#include "platform/jose/public_keys.hpp"
#include "tests/support/test_issuer.hpp"

namespace propusk::platform {
namespace {
using testing::TestIssuer;
using Doubt = JosePublicKeys::Doubt;
constexpr std::string_view claims = R"({"sub":"42"})";

bool is_believed(std::string_view token, std::string_view key_set) {
  return JosePublicKeys().believe(token, key_set).has_value();
}
std::string set_of(const std::string& keys) { return R"({"keys":[)" + keys + "]}"; }
std::string base64url(std::string_view bytes) { return to_base64url(as_bytes(bytes)); }
std::string hmac(std::string_view secret, std::string_view input) {
  std::string out(32, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(input.data()), input.size(), reinterpret_cast<unsigned char*>(out.data()),
       &size);
  return out;
}

/// The same for each algorithm that is believed.
struct ForgeryTest : ::testing::TestWithParam<const char*> {
  const TestIssuer issuer{GetParam()};
  /// A right header, and more.
  static std::string header(const std::string& more = "") {
    return R"({"alg":")" + std::string(GetParam()) + R"(","kid":"k")" + more + '}';
  }
};
constexpr std::array algorithms{"RS256", "ES256", "EdDSA"};

TEST_P(ForgeryTest, no_changed_character_anywhere_is_believed) {
  const std::string token = issuer.token(claims);
  ASSERT_TRUE(is_believed(token, issuer.key_set()));
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    const std::size_t digit = digits.find(token[at]);  // a dot becomes a digit
    changed[at] = digits[digit == digits.npos ? 0 : (digit + 1) % digits.size()];
    EXPECT_FALSE(is_believed(changed, issuer.key_set())) << at;
  }
}

TEST_P(ForgeryTest, nothing_may_follow_precede_or_be_missing) {
  const std::string token = issuer.token(claims);
  for (std::size_t size = 0; size < token.size(); ++size)
    EXPECT_FALSE(is_believed(token.substr(0, size), issuer.key_set())) << size;
  for (const std::string more : {"A", "AA", "=", "==", ".", " ", "\n", ".e30", "ä"}) {
    EXPECT_FALSE(is_believed(token + more, issuer.key_set())) << more;
    EXPECT_FALSE(is_believed(more + token, issuer.key_set())) << more;
  }
}

TEST_P(ForgeryTest, no_other_algorithm_is_believed_whoever_signed) {
  for (const std::string name : {"none", "None", "NONE", "", "HS256", "HS384", "RS384", "RS512", "PS256", "ES256K",
                                 "ES384", "Ed25519", "Ed448", "RSA1_5", "rs256", "es256", "eddsa", "RS256 ", "dir"}) {
    const std::string forged = R"({"alg":")" + name + R"(","kid":"k"})";
    const auto outcome = JosePublicKeys().believe(issuer.token_with(forged, claims), issuer.key_set());
    ASSERT_FALSE(outcome) << name;
    EXPECT_EQ(outcome.error(), name.empty() ? Doubt::malformed : Doubt::algorithm) << name;
    EXPECT_FALSE(is_believed(base64url(forged) + '.' + base64url(claims) + '.', issuer.key_set())) << name;
    EXPECT_FALSE(is_believed(base64url(forged) + '.' + base64url(claims), issuer.key_set())) << name;
  }
}

/// The classic confusion: a public key, known to all, as the secret of a MAC.
TEST_P(ForgeryTest, the_public_key_is_no_secret_of_an_hmac) {
  const std::string input = base64url(R"({"alg":"HS256","kid":"k"})") + '.' + base64url(claims);
  const std::string oct = R"(,{"kty":"oct","k":")" + base64url(issuer.jwk()) + R"(","kid":"k"})";
  const std::string set = set_of(issuer.jwk() + oct);
  for (const std::string& secret : {issuer.jwk(), issuer.members(), issuer.key_set(), set, std::string()})
    EXPECT_FALSE(is_believed(input + '.' + base64url(hmac(secret, input)), set)) << secret.substr(0, 40);
}

TEST_P(ForgeryTest, the_algorithm_of_one_key_is_none_of_another) {
  for (const char* other : algorithms) {
    if (other == std::string_view(GetParam())) continue;
    const TestIssuer stranger(other);
    const std::string said = R"({"alg":")" + std::string(GetParam()) + R"(","kid":"k"})";
    EXPECT_FALSE(is_believed(stranger.token_with(said, claims), set_of(stranger.jwk_with(""))));
    EXPECT_FALSE(is_believed(stranger.token_with(said, claims), set_of(stranger.jwk_with("") + "," + issuer.jwk())));
    EXPECT_FALSE(is_believed(issuer.token_with(R"({"alg":")" + std::string(other) + R"(","kid":"k"})", claims),
                             set_of(issuer.jwk_with(""))));
  }
}

TEST_P(ForgeryTest, the_name_decides_about_the_key) {
  const TestIssuer stranger(GetParam(), "other");
  const std::string both = set_of(issuer.jwk() + "," + stranger.jwk());
  EXPECT_TRUE(is_believed(stranger.token(claims), both));
  EXPECT_FALSE(is_believed(stranger.token_with(header(), claims), both)) << "signed by one, named another";
  for (const std::string kid : {R"("")", R"("K")", R"("k ")", R"("k\u0000")", R"("../k")", "1", "null", R"(["k"])"}) {
    const std::string said = R"({"alg":")" + std::string(GetParam()) + R"(","kid":)" + kid + '}';
    EXPECT_FALSE(is_believed(issuer.token_with(said, claims), issuer.key_set())) << kid;
  }
  const std::string unnamed = '{' + issuer.members() + '}';
  EXPECT_FALSE(is_believed(issuer.token(claims), set_of(unnamed)));
  EXPECT_TRUE(
      is_believed(issuer.token_with(R"({"alg":")" + std::string(GetParam()) + R"("})", claims), set_of(unnamed)));
}

TEST_P(ForgeryTest, a_token_brings_no_key_of_its_own) {
  const TestIssuer forger(GetParam());
  for (const std::string& more : {R"(,"jwk":)" + forger.jwk(), std::string(R"(,"jku":"https://evil.example/keys")"),
                                  std::string(R"(,"jku":null)"), std::string(R"(,"x5u":"https://evil.example/c.pem")"),
                                  std::string(R"(,"x5c":["AAAA"])"), std::string(R"(,"\u006awk":{})")}) {
    EXPECT_FALSE(is_believed(forger.token_with(header(more), claims), issuer.key_set())) << more;
    const auto outcome = JosePublicKeys().believe(issuer.token_with(header(more), claims), issuer.key_set());
    ASSERT_FALSE(outcome) << "rightly signed, but still: " << more;
    EXPECT_EQ(outcome.error(), Doubt::malformed);
  }
  EXPECT_TRUE(
      is_believed(issuer.token_with(header(R"(,"x5t":"AAAA","cty":"x","typ":"JWT")"), claims), issuer.key_set()));
}

TEST_P(ForgeryTest, what_must_be_understood_and_is_not_is_refused) {
  for (const char* more : {R"(,"crit":["exp"],"exp":1)", R"(,"crit":[])", R"(,"crit":["b64"],"b64":false)",
                           R"(,"\u0063rit":["x"],"x":1)", R"(,"alg":"none")", R"(,"kid":"k")", R"(,"\u0061lg":"none")"})
    EXPECT_FALSE(is_believed(issuer.token_with(header(more), claims), issuer.key_set())) << more;
}

TEST_P(ForgeryTest, a_key_of_a_stranger_is_none_of_ours) {
  const TestIssuer stranger(GetParam());
  const auto outcome = JosePublicKeys().believe(stranger.token(claims), issuer.key_set());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error(), Doubt::signature);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, ForgeryTest, ::testing::ValuesIn(algorithms),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(RsaForgeryTest, weak_huge_and_odd_keys_are_none) {
  for (const unsigned bits : {1'024U, 2'040U}) {
    const TestIssuer weak("RS256", "k", "", bits);
    EXPECT_FALSE(is_believed(weak.token(claims), weak.key_set())) << bits;
  }
  const TestIssuer good("RS256");
  const std::string token = good.token(claims);
  const auto set_with = [](std::string_view n, std::string_view e) {
    return set_of(R"({"kty":"RSA","kid":"k","n":")" + std::string(n) + R"(","e":")" + std::string(e) + "\"}");
  };
  const std::string members = good.members();
  const std::size_t begin = members.find(R"("n":")") + 5;
  const std::string n = members.substr(begin, members.find('"', begin) - begin);
  const auto bytes = from_base64url(n).value();
  std::vector<std::byte> longer{std::byte{0}};
  longer.insert(longer.end(), bytes.begin(), bytes.end());
  const std::string zero_before = to_base64url(longer);

  EXPECT_TRUE(is_believed(token, set_with(n, "AQAB")));
  EXPECT_TRUE(is_believed(token, set_with(zero_before, "AQAB"))) << "as some write it, RFC 7518 §6.3.1.1";
  for (const char* e : {"", "AA", "AQ", "Ag", "AQAA", "AQABAQAB", "AQAC", "AQAB=", "AQAA AQAB", "1"})
    EXPECT_FALSE(is_believed(token, set_with(n, e))) << e;
  for (const std::string& other : {std::string(), n + "=", n + "\\n", "AA" + n.substr(2), n.substr(4),
                                   n + n + n + n + n, n.substr(0, n.size() - 2) + "AA"})
    EXPECT_FALSE(is_believed(token, set_with(other, "AQAB"))) << other.substr(0, 20);
}

TEST(RsaForgeryTest, a_signature_has_the_length_of_its_key) {
  const TestIssuer issuer("RS256");
  const std::string input = base64url(R"({"alg":"RS256","kid":"k"})") + '.' + base64url(claims);
  const std::string signature = issuer.signature(input);
  EXPECT_TRUE(is_believed(input + '.' + base64url(signature), issuer.key_set()));
  for (const std::string& other : {'\0' + signature, signature.substr(1), signature + '\0', signature + signature,
                                   std::string(signature.size(), '\0'), std::string(1, '\1'), std::string("x")})
    EXPECT_FALSE(is_believed(input + '.' + base64url(other), issuer.key_set())) << other.size();
}

TEST(EcForgeryTest, another_curve_is_none_whatever_it_calls_itself) {
  for (const char* curve : {"P-384", "P-521"}) {
    const TestIssuer other("ES256", "k", curve);
    EXPECT_FALSE(is_believed(other.token(claims), other.key_set())) << curve;
    std::string renamed = other.key_set();
    renamed.replace(renamed.find(curve), 5, "P-256");
    EXPECT_FALSE(is_believed(other.token(claims), renamed)) << curve;
  }
}

TEST(EcForgeryTest, a_point_is_on_its_curve_and_written_in_full) {
  const std::string token = TestIssuer("ES256").token(claims);
  const auto set_with = [](const std::string& x, const std::string& y) {
    return set_of(R"({"kty":"EC","crv":"P-256","kid":"k","x":")" + base64url(x) + R"(","y":")" + base64url(y) + "\"}");
  };
  const std::string zeros(32, '\0'), ones(32, '\1'), all(32, '\xff');
  for (const std::string& set : {set_with(zeros, zeros), set_with(ones, ones), set_with(all, all), set_with("", ""),
                                 set_with(zeros + zeros, ""), set_with(ones.substr(1), ones)}) {
    const auto outcome = JosePublicKeys().believe(token, set);
    ASSERT_FALSE(outcome) << set;
    EXPECT_EQ(outcome.error(), Doubt::unknown_key) << set;
  }
}

/// The same signature with the other root: s becomes n - s.
std::string other_half(const std::string& signature) {
  BIGNUM* order = nullptr;
  BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
  BIGNUM* s = BN_bin2bn(reinterpret_cast<const unsigned char*>(signature.data()) + 32, 32, nullptr);
  BN_sub(s, order, s);
  std::string out = signature;
  BN_bn2binpad(s, reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
  BN_free(s);
  BN_free(order);
  return out;
}

TEST(EcForgeryTest, a_signature_is_two_numbers_side_by_side_of_either_size_of_s) {
  const TestIssuer issuer("ES256");
  const std::string input = base64url(R"({"alg":"ES256","kid":"k"})") + '.' + base64url(claims);
  const std::string signature = issuer.signature(input), zeros(32, '\0');
  const auto with = [&](const std::string& bytes) {
    return is_believed(input + '.' + base64url(bytes), issuer.key_set());
  };

  EXPECT_TRUE(with(signature));
  EXPECT_TRUE(with(other_half(signature))) << "providers do not care which of the two they send";
  for (const std::string& other : {zeros + zeros, zeros + signature.substr(32), signature.substr(0, 32) + zeros,
                                   signature + '\0', '\0' + signature, signature.substr(1), signature.substr(0, 63),
                                   signature.substr(32) + signature.substr(0, 32), std::string(64, '\xff')})
    EXPECT_FALSE(with(other)) << to_hex(as_bytes(other));
}

TEST(EdForgeryTest, the_second_half_of_a_signature_is_reduced) {
  const TestIssuer issuer("EdDSA");
  const std::string input = base64url(R"({"alg":"EdDSA","kid":"k"})") + '.' + base64url(claims);
  std::string signature = issuer.signature(input);
  ASSERT_TRUE(is_believed(input + '.' + base64url(signature), issuer.key_set()));
  // RFC 8032 §5.1.7: S is below the order of the group; here the order is added.
  constexpr std::array<unsigned char, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                                0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                                0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  unsigned carry = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const unsigned sum = static_cast<unsigned char>(signature[32 + at]) + order[at] + carry;
    signature[32 + at] = static_cast<char>(sum & 0xff);
    carry = sum >> 8;
  }
  EXPECT_FALSE(is_believed(input + '.' + base64url(signature), issuer.key_set()));
}

TEST(EdForgeryTest, another_curve_is_none) {
  const TestIssuer issuer("EdDSA");
  for (const char* curve : {"X25519", "Ed448", "ed25519"}) {
    std::string set = issuer.key_set();
    set.replace(set.find("Ed25519"), 7, curve);
    EXPECT_FALSE(is_believed(issuer.token(claims), set)) << curve;
  }
}

}  // namespace
}  // namespace propusk::platform
