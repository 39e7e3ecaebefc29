// The three algorithms against the examples of their RFCs, and what is no signature or no key of theirs.
#include "platform/jose/opened_key.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/jose/owned.hpp"

namespace propusk::platform {
namespace {
using core::SigningAlgorithm;

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::string from_base64(std::string_view text) { return text_of(*from_base64url(text)); }
std::string bytes(std::string_view hex) { return text_of(*from_hex(hex)); }

/// PKCS#8 (RFC 5958) around an EC key on P-256 (RFC 5915) with its public point.
Secret<> p256(std::string_view d, std::string_view x, std::string_view y) {
  return Secret<>(bytes("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420") + from_base64(d) +
                  bytes("a14403420004") + from_base64(x) + from_base64(y));
}

/// The other spelling of an ES256 signature: n - s in place of s.
std::string with_other_s(std::string signature) {
  const std::string order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");  // SP 800-186
  int borrow = 0;
  for (std::size_t at = 32; at-- > 0;) {
    const int left = static_cast<unsigned char>(order[at]) - static_cast<unsigned char>(signature[32 + at]) - borrow;
    borrow = left < 0 ? 1 : 0;
    signature[32 + at] = static_cast<char>(left);
  }
  return signature;
}

constexpr std::string_view rfc7515_payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

TEST(Hs256, rfc_7515_appendix_a1) {
  const Secret<> secret(
      from_base64("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  const std::string input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + std::string(rfc7515_payload);

  const auto key = open_key(SigningAlgorithm::hs256, secret);

  EXPECT_EQ(to_base64url(as_bytes(key->sign(input))), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  EXPECT_TRUE(key->verify(input, from_base64("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
  EXPECT_FALSE(key->verify(input + 'x', from_base64("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
  EXPECT_EQ(key->public_members(), "") << "a secret has no public half";
}

TEST(Eddsa, rfc_8037_appendix_a) {
  const Secret<> seed(from_base64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
  const std::string input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const std::string signature =
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

  const auto key = open_key(SigningAlgorithm::eddsa, seed);

  EXPECT_EQ(to_base64url(as_bytes(key->sign(input))), signature);
  EXPECT_TRUE(key->verify(input, from_base64(signature)));
  EXPECT_FALSE(key->verify(input + 'x', from_base64(signature)));
  EXPECT_EQ(key->public_members(), R"("kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")");
}

TEST(Es256, rfc_7515_appendix_a3_but_only_the_smaller_s) {
  const auto key = open_key(SigningAlgorithm::es256, p256("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
                                                          "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                                                          "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  const std::string input = "eyJhbGciOiJFUzI1NiJ9." + std::string(rfc7515_payload);
  const std::string recorded =
      from_base64("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");

  EXPECT_EQ(key->public_members(), R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                   R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")");
  EXPECT_TRUE(key->verify(input, key->sign(input)));
  EXPECT_FALSE(key->verify(input, recorded)) << "its s is the greater one";
  EXPECT_TRUE(key->verify(input, with_other_s(recorded)));
  EXPECT_FALSE(key->verify(input + 'x', with_other_s(recorded)));
}

TEST(Es256, no_signature_has_a_second_spelling) {
  testing::SeededRandom random;
  const auto key = open_key(SigningAlgorithm::es256, make_private_key(SigningAlgorithm::es256, random));

  for (int i = 0; i < 32; ++i) {  // half of all draws have the greater s
    const std::string signature = key->sign("input");
    ASSERT_EQ(signature.size(), 64U);
    EXPECT_TRUE(key->verify("input", signature));
    EXPECT_FALSE(key->verify("input", with_other_s(signature))) << "which verifies everywhere but here";
  }
}

class OpenedKeyTest : public ::testing::TestWithParam<SigningAlgorithm> {
 protected:
  testing::SeededRandom random_;
};

TEST_P(OpenedKeyTest, a_new_key_believes_its_own_signatures_and_no_other_keys) {
  const Secret<> form = make_private_key(GetParam(), random_);
  const auto key = open_key(GetParam(), form), again = open_key(GetParam(), form),
             other = open_key(GetParam(), make_private_key(GetParam(), random_));

  for (const std::string& input : {std::string(), std::string("input"), std::string(8192, 'x')}) {
    EXPECT_TRUE(key->verify(input, key->sign(input)));
    EXPECT_TRUE(again->verify(input, key->sign(input)));
    EXPECT_FALSE(other->verify(input, key->sign(input)));
  }
}

TEST_P(OpenedKeyTest, no_other_bytes_are_its_signature) {
  const auto key = open_key(GetParam(), make_private_key(GetParam(), random_));
  const std::string signature = key->sign("input");

  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ 1U << bit % 8);
    EXPECT_FALSE(key->verify("input", changed)) << bit;
  }
  for (const char byte : {'\0', '\xff'}) {  // r = s = 0 is believed by careless verifiers (CVE-2022-21449)
    EXPECT_FALSE(key->verify("input", std::string(signature.size(), byte)));
    EXPECT_FALSE(key->verify("input", signature + byte));
    EXPECT_FALSE(key->verify("input", byte + signature));
  }
  for (std::size_t size = 0; size < signature.size(); ++size)
    EXPECT_FALSE(key->verify("input", signature.substr(0, size))) << size;
}

TEST_P(OpenedKeyTest, bytes_that_are_no_key_of_the_algorithm_are_refused) {
  const std::string form = make_private_key(GetParam(), random_).reveal();

  EXPECT_THROW(open_key(GetParam(), Secret<>()), Outage);
  EXPECT_THROW(open_key(GetParam(), Secret<>(form.substr(1))), Outage);
  EXPECT_THROW(open_key(GetParam(), Secret<>(form.substr(0, form.size() - 1))), Outage);
}

INSTANTIATE_TEST_SUITE_P(Each, OpenedKeyTest,
                         ::testing::Values(SigningAlgorithm::hs256, SigningAlgorithm::es256, SigningAlgorithm::eddsa),
                         [](const auto& algorithm) {
                           return std::string(core::signing_algorithm_name(algorithm.param));
                         });

TEST(Es256, a_key_of_another_kind_or_curve_is_refused) {
  for (EVP_PKEY* const made :
       {EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"), EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")}) {
    const Owned<EVP_PKEY, EVP_PKEY_free> key(made);
    const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> wrapped(EVP_PKEY2PKCS8(key.get()));
    std::string der(static_cast<std::size_t>(i2d_PKCS8_PRIV_KEY_INFO(wrapped.get(), nullptr)), '\0');
    auto* end = reinterpret_cast<unsigned char*>(der.data());
    i2d_PKCS8_PRIV_KEY_INFO(wrapped.get(), &end);
    EXPECT_THROW(open_key(SigningAlgorithm::es256, Secret<>(der)), Outage);
  }
}

}  // namespace
}  // namespace propusk::platform
