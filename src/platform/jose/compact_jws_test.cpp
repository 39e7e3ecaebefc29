// Tokens are taken apart strictly: one spelling each, and nothing that asks for more than we do.
#include "platform/jose/compact_jws.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace propusk::platform {
namespace {
std::string coded(std::string_view text) { return to_base64url(as_bytes(text)); }
std::string token_with(std::string_view header) { return coded(header) + '.' + coded("{}") + ".c2ln"; }
bool is_read(std::string_view token) { return read_compact_jws(token).has_value(); }

TEST(CompactJws, a_token_is_read_as_it_is) {
  const std::string good = token_with(R"({"alg":"HS256","typ":"JWT","kid":"0123456789abcdef"})");

  const auto jws = read_compact_jws(good);

  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->algorithm, "HS256");
  EXPECT_EQ(jws->kid, "0123456789abcdef");
  EXPECT_EQ(jws->payload, "{}");
  EXPECT_EQ(jws->signature, "sig");
  EXPECT_EQ(jws->signing_input, good.substr(0, good.size() - 5));
  EXPECT_FALSE(jws->brings_key);
}

TEST(CompactJws, there_are_three_parts_and_none_is_empty) {
  const std::string header = coded(R"({"alg":"HS256","kid":"1"})");
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), header, header + '.', header + ".e30", header + "..c2ln",
        header + ".e30.", std::string(".e30.c2ln"), header + ".e30.c2ln.", '.' + header + ".e30.c2ln",
        header + ".e30.c2ln.c2ln", header + "..e30.c2ln", header + ".e30..c2ln", header + ".e30.c2ln.c2ln.c2ln"})
    EXPECT_FALSE(is_read(token)) << token;
  EXPECT_TRUE(is_read(header + ".e30.c2ln"));
}

TEST(CompactJws, base64url_has_one_spelling) {
  const std::string header = coded(R"({"alg":"HS256","kid":"1"})");
  for (const std::string_view signature : {"c2k", "cw", "c2ln"})
    EXPECT_TRUE(is_read(header + ".e30." + std::string(signature))) << signature;
  for (const std::string_view signature : {"c2k=", "cw==", "c2l", "c2m", "cx", "ch", "c", "c2lnc", "c2+n", "c2/n",
                                           "c2 n", " c2ln", "c2ln ", "c2ln\n", "c2%6e", "c2\xc3\xa4"})
    EXPECT_FALSE(is_read(header + ".e30." + std::string(signature))) << signature;
  EXPECT_FALSE(is_read(header + ".e31.c2ln")) << "stray bits in the payload";
  EXPECT_FALSE(is_read(header + "=.e30.c2ln"));
}

TEST(CompactJws, what_is_too_long_is_not_looked_at) {
  const std::string header = coded(R"({"alg":"HS256","kid":"1"})");
  const std::string start = header + ".e30.";

  EXPECT_TRUE(is_read(start + std::string((token_limit - start.size()) / 4 * 4, 'A')));
  EXPECT_FALSE(is_read(start + std::string((token_limit - start.size()) / 4 * 4 + 4, 'A')));
  EXPECT_FALSE(is_read(std::string(1'000'000, 'A')));
}

TEST(CompactJws, a_key_may_go_without_a_name_but_not_with_an_odd_one) {
  const std::string unnamed = token_with(R"({"alg":"HS256"})");
  const auto jws = read_compact_jws(unnamed);
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->kid, "");
  for (const std::string_view kid : {R"("")", "1", "null", R"(["1"])", R"({"kid":"1"})"})
    EXPECT_FALSE(is_read(token_with(R"({"alg":"HS256","kid":)" + std::string(kid) + '}'))) << kid;
}

TEST(CompactJws, the_header_is_a_json_object_with_an_algorithm) {
  for (const std::string_view header : {"",
                                        "{",
                                        "{}",
                                        "[]",
                                        "null",
                                        "1",
                                        "\"alg\"",
                                        R"({"kid":"1"})",
                                        R"({"alg":"","kid":"1"})",
                                        R"({"alg":1,"kid":"1"})",
                                        R"({"alg":null,"kid":"1"})",
                                        R"({"alg":["HS256"],"kid":"1"})",
                                        R"({"a":{"alg":"HS256","kid":"1"}})",
                                        R"([{"alg":"HS256","kid":"1"}])",
                                        R"(["alg","HS256","kid","1"])",
                                        R"({"Alg":"HS256","kid":"1"})",
                                        R"({"alg":"HS256","kid":"1"}x)",
                                        R"({"alg":"HS256","kid":"1"}{})",
                                        R"({"alg":"HS256","kid":"1",})",
                                        R"({alg:"HS256","kid":"1"})",
                                        R"({"alg":"HS256",/**/"kid":"1"})",
                                        "{\"alg\":\"HS256\",\"kid\":\"\xff\"}",
                                        "\xef\xbb\xbf{\"alg\":\"HS256\",\"kid\":\"1\"}"})
    EXPECT_FALSE(is_read(token_with(header))) << header;
}

TEST(CompactJws, no_member_comes_twice_however_it_is_spelled) {
  for (const std::string_view header :
       {R"({"alg":"HS256","kid":"1","kid":"2"})", R"({"alg":"none","alg":"HS256","kid":"1"})",
        R"({"alg":"HS256","alg":"HS256","kid":"1"})", R"({"alg":"HS256","kid":"1","\u0061lg":"none"})",
        R"({"alg":"HS256","kid":"1","k\u0069d":"2"})", R"({"typ":1,"alg":"HS256","kid":"1","typ":{}})"})
    EXPECT_FALSE(is_read(token_with(header))) << header;
}

TEST(CompactJws, an_extension_that_must_be_understood_is_not) {
  for (const std::string_view header :
       {R"({"alg":"HS256","kid":"1","crit":["exp"],"exp":1})", R"({"alg":"HS256","kid":"1","crit":[]})",
        R"({"alg":"HS256","kid":"1","crit":null})", R"({"alg":"HS256","kid":"1","\u0063rit":["b64"],"b64":false})"})
    EXPECT_FALSE(is_read(token_with(header))) << header;
}

TEST(CompactJws, what_else_a_header_says_changes_nothing) {
  for (const std::string_view more :
       {R"("jku":"https://evil.example/keys")", R"("x5u":"https://evil.example")", R"("jwk":{"kty":"oct","k":"AA"})",
        R"("x5c":["AAAA"])", R"("b64":false)", R"("typ":{"alg":"none","kid":"2","crit":[]})",
        R"("a":["kid","2",{"kid":"2"}])"}) {
    const auto jws = read_compact_jws(token_with(R"({"alg":"HS256","kid":"1",)" + std::string(more) + '}'));
    ASSERT_TRUE(jws) << more;
    EXPECT_EQ(jws->algorithm + jws->kid + jws->payload, "HS2561{}") << more;
  }
}

TEST(CompactJws, a_header_that_brings_a_key_is_known) {
  for (const std::string_view more : {R"("jku":"https://evil.example/keys")", R"("x5u":null)", R"("x5c":["AAAA"])",
                                      R"("jwk":{"kty":"oct","k":"AA"})", R"("\u006awk":{})"}) {
    const std::string token = token_with(R"({"alg":"HS256","kid":"1",)" + std::string(more) + '}');
    const auto jws = read_compact_jws(token);
    ASSERT_TRUE(jws) << more;
    EXPECT_TRUE(jws->brings_key) << more;
  }
  EXPECT_FALSE(read_compact_jws(token_with(R"({"alg":"HS256","a":{"jwk":{}},"b":"jku","x5t":"AA"})"))->brings_key);
}

TEST(CompactJws, a_header_has_few_members_and_is_shallow) {
  std::string many, deep(8, '[');
  for (int i = 0; i < 15; ++i) many += ",\"" + std::to_string(i) + "\":0";

  EXPECT_FALSE(is_read(token_with(R"({"alg":"HS256","kid":"1")" + many + '}')));
  EXPECT_FALSE(is_read(token_with(R"({"alg":"HS256","kid":"1","a":)" + deep + std::string(8, ']') + '}')));
}

TEST(IsJsonObject, is_one_object_in_utf_8_and_nothing_else) {
  for (const std::string_view text : {"{}", " {\"a\":1} ", R"({"a":[{"b":"\u00e4ä"}],"a":null})"})
    EXPECT_TRUE(is_json_object(text)) << text;
  for (const std::string_view text :
       {"", "[]", "[{}]", "1", "\"{}\"", "{", "}", "{}{}", "{}x", "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\x80\"}",
        "{\"\xc0\xaf\":1}", R"({"a":"\ud800"})", "{\"a\":\"\n\"}", "\xef\xbb\xbf{}"})
    EXPECT_FALSE(is_json_object(text)) << text;
  EXPECT_FALSE(is_json_object(std::string_view("{}\0", 3)));
  EXPECT_FALSE(is_json_object(R"({"a":)" + std::string(token_limit, '[')));
}

}  // namespace
}  // namespace propusk::platform
