// Which signatures of other people's are believed, and by which of their keys.
#include "platform/jose/public_keys.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/test_issuer.hpp"

namespace propusk::platform {
namespace {
using testing::TestIssuer;

/// The claims, or the doubt.
std::string told(std::string_view token, std::string_view key_set) {
  const auto believed = JosePublicKeys().believe(token, key_set);
  if (believed) return believed->claims;
  switch (believed.error()) {
    case JosePublicKeys::Doubt::malformed: return "malformed";
    case JosePublicKeys::Doubt::algorithm: return "algorithm";
    case JosePublicKeys::Doubt::unknown_key: return "unknown_key";
    case JosePublicKeys::Doubt::signature: return "signature";
  }
  return "";
}
std::string set_of(const std::string& keys) { return R"({"keys":[)" + keys + "]}"; }

/// RFC 7515, appendices A.2 and A.3.
struct Vector {
  std::string_view algorithm, header, jwk, signature;
};
constexpr std::array vectors{Vector{"RS256", "eyJhbGciOiJSUzI1NiJ9",
                                    R"({"kty":"RSA","n":")"
                                    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrc"
                                    "S2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGz"
                                    "jb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xs"
                                    "mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8"
                                    "q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
                                    R"(","e":"AQAB"})",
                                    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Q"
                                    "c_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTy"
                                    "WzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwu"
                                    "sC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5A"
                                    "XLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
                             Vector{"ES256", "eyJhbGciOiJFUzI1NiJ9",
                                    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
                                    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqP"
                                    "P3-Kg6NU1Q"}};
constexpr std::string_view vector_payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view vector_claims =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
/// RFC 8037, appendix A.
constexpr std::string_view ed25519_jwk =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

constexpr std::string_view claims = R"({"iss":"https://id.example","sub":"42"})";

TEST(PublicKeysTest, the_vectors_of_the_standards_are_believed) {
  for (const Vector& vector : vectors) {
    const std::string token =
        std::string(vector.header) + "." + std::string(vector_payload) + "." + std::string(vector.signature);
    const auto believed = JosePublicKeys().believe(token, set_of(std::string(vector.jwk)));
    ASSERT_TRUE(believed) << vector.algorithm;
    EXPECT_EQ(believed->claims, vector_claims);
    EXPECT_EQ(believed->algorithm, vector.algorithm);
    for (const Vector& other : vectors)
      if (other.algorithm != vector.algorithm)
        EXPECT_EQ(told(token, set_of(std::string(other.jwk))), "unknown_key") << vector.algorithm;
    EXPECT_EQ(told(token, set_of(std::string(ed25519_jwk))), "unknown_key") << vector.algorithm;
  }
}

TEST(PublicKeysTest, what_is_signed_but_no_claims_is_malformed) {
  EXPECT_EQ(told("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                 "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
                 set_of(std::string(ed25519_jwk))),
            "malformed")
      << "RFC 8037, appendix A.4";
  const TestIssuer issuer("ES256");
  for (const char* payload :
       {"\"text\"", "[]", "{", R"({"sub":"1","sub":"2"})", R"({"sub":"1","\u0073ub":"2"})", R"({"a":{"b":1,"b":2}})"})
    EXPECT_EQ(told(issuer.token(payload), issuer.key_set()), "malformed") << payload;
  EXPECT_EQ(told(issuer.token(R"({"sub":"1","a":{"sub":"2"}})"), issuer.key_set()), R"({"sub":"1","a":{"sub":"2"}})");
}

TEST(PublicKeysTest, the_right_key_is_found_among_others) {
  const TestIssuer rsa("RS256", "r"), ec("ES256", "e"), ed("EdDSA", "d"), old("ES256", "old");
  const std::string keys = set_of(old.jwk() + ",{},null,17,[]," + ed.jwk() + "," + rsa.jwk() + "," + ec.jwk() +
                                  R"(,{"kty":"oct","k":"AAAA","kid":"o"},{"kty":"new","kid":"r"})");
  for (const TestIssuer* issuer : {&rsa, &ec, &ed, &old}) EXPECT_EQ(told(issuer->token(claims), keys), claims);
}

TEST(PublicKeysTest, a_token_without_a_name_is_tried_with_the_keys_of_its_type_but_not_with_many) {
  const TestIssuer issuer("ES256", "mine"), other("ES256", "other"), of_another_type("EdDSA", "ed");
  const std::string token = issuer.token_with(R"({"alg":"ES256"})", claims);
  std::string others;
  for (int i = 0; i < 15; ++i) others += other.jwk() + "," + of_another_type.jwk() + ",";

  EXPECT_EQ(told(token, set_of(others + issuer.jwk())), claims);
  EXPECT_EQ(told(token, set_of(others + other.jwk() + "," + issuer.jwk())), "signature");
  EXPECT_EQ(told(token, set_of(other.jwk())), "signature");
  EXPECT_EQ(told(token, set_of(of_another_type.jwk())), "unknown_key");
}

TEST(PublicKeysTest, what_a_key_says_it_is_for_holds) {
  const TestIssuer issuer("ES256");
  const std::string token = issuer.token(claims);
  for (const char* more : {"", R"("use":"sig")", R"("alg":"ES256")", R"("key_ops":["verify"])",
                           R"("key_ops":["sign","verify"],"use":"sig","x5t":"AA","ext":true)"})
    EXPECT_EQ(told(token, set_of(issuer.jwk_with(more))), claims) << more;
  for (const char* more : {R"("use":"enc")", R"("use":1)", R"("use":["sig"])", R"("alg":"ES384")", R"("alg":"RS256")",
                           R"("alg":null)", R"("key_ops":["sign"])", R"("key_ops":[])", R"("key_ops":"verify")",
                           R"("key_ops":["encrypt",1])", R"("d":"AAAA")"})
    EXPECT_EQ(told(token, set_of(issuer.jwk_with(more))), "unknown_key") << more;
}

TEST(PublicKeysTest, what_is_no_key_set_has_no_keys) {
  const TestIssuer issuer("ES256");
  const std::string token = issuer.token(claims), jwk = issuer.jwk();
  const std::string start = R"({"pad":")", rest = "\"," + issuer.key_set().substr(1);
  const std::string padded = start + std::string(64 * 1024 - start.size() - rest.size(), 'x');

  EXPECT_EQ(told(token, padded + rest), claims) << "just short enough";
  for (const std::string& set :
       {padded + "x" + rest, std::string(), std::string("{}"), jwk, "[" + jwk + "]", R"({"keys":)" + jwk + "}",
        std::string(R"({"keys":null})"), R"({"Keys":[)" + jwk + "]}", R"({"keys":[)" + jwk + "]",
        set_of(jwk) + set_of(jwk), set_of(jwk.substr(1)), set_of("[" + jwk + "]")})
    EXPECT_EQ(told(token, set), "unknown_key") << set.substr(0, 80);
}

}  // namespace
}  // namespace propusk::platform
