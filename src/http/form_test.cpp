// Forms in all writings, good and broken.
#include "http/form.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::optional<FormError> refusal(const std::expected<Form, FormError>& form) {
  return form ? std::nullopt : std::optional(form.error());
}

std::expected<Form, FormError> read(std::string_view type, std::string_view body, FormKinds kinds = {.json = true}) {
  Request request;
  request.headers = {{"Content-Type", type}};
  request.body = body;
  return read_form(request, kinds);
}

TEST(Form, GivesTheLastValueOfAName) {
  const auto form = parse_urlencoded("a=1&a=2&b=");

  EXPECT_EQ(form->field("a"), "2");
  EXPECT_EQ(form->field("b"), "");
  EXPECT_FALSE(form->has("c"));
}

TEST(Form, CountsValuesThatAreNotUtf8AsAbsent) {
  EXPECT_FALSE(parse_urlencoded("a=%ff")->has("a"));
  EXPECT_EQ(parse_urlencoded("a=%D0%BF")->field("a"), "п");
}

TEST(Urlencoded, DecodesAsUrllibDoes) {
  const auto form = parse_urlencoded("a+b=c%2Bd+e&&x=%zz%4&y&=z&q=1=2%");

  EXPECT_EQ(form->fields(), (Fields{{"a b", "c+d e"}, {"x", "%zz%4"}, {"y", ""}, {"", "z"}, {"q", "1=2%"}}));
  EXPECT_TRUE(parse_urlencoded("")->fields().empty());
}

TEST(Urlencoded, TakesAThousandFields) {
  std::string body = "a=1";
  for (int i = 1; i < 1000; ++i) body += "&a=1";

  EXPECT_EQ(parse_urlencoded(body)->fields().size(), 1000U);
  EXPECT_EQ(parse_urlencoded(body + "&a=1").error(), FormError::too_many_fields);
}

TEST(ReadForm, ChoosesByContentType) {
  EXPECT_EQ(read("application/x-www-form-urlencoded", "a=1")->field("a"), "1");
  EXPECT_EQ(read("Application/JSON; charset=UTF-8", R"({"a":"1"})")->field("a"), "1");
  EXPECT_EQ(read("multipart/form-data; boundary=\"x y\"",
                 "--x y\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x y--")
                ->field("a"),
            "1");
  EXPECT_EQ(read("text/plain", "a=1").error(), FormError::unsupported_media_type);
  EXPECT_EQ(read("application/json", "{}", {}).error(), FormError::unsupported_media_type);
  EXPECT_EQ(read("multipart/mixed; boundary=b", "--b--").error(), FormError::unsupported_media_type);
}

TEST(ReadForm, DecodesTheCharsetOfTheContentType) {
  EXPECT_EQ(read("application/x-www-form-urlencoded; charset=windows-1251", "%E0=\xe1%E2")->fields(),
            (Fields{{"а", "бв"}}));
  EXPECT_EQ(read("multipart/form-data; boundary=b; charset=koi8-r",
                 "--b\r\nContent-Disposition: form-data; name=\"\xc1\"\r\n\r\n\xc2\r\n--b--")
                ->fields(),
            (Fields{{"а", "б"}}));
  EXPECT_EQ(read("application/x-www-form-urlencoded; charset=none-such", "a=%D0%BF")->field("a"), "п");
  EXPECT_EQ(read("application/json; charset=koi8-r", R"({"a":"п"})")->field("a"), "п");
}

TEST(ReadForm, AValueThatItsCharsetDoesNotKnowIsAbsent) {
  EXPECT_FALSE(read("application/x-www-form-urlencoded; charset=us-ascii", "a=1&a=%D0%BF")->has("a"));
}

TEST(ReadForm, TakesAnAbsentBodyOrTypeForAnEmptyForm) {
  Request untyped;
  untyped.body = "a=1";
  untyped.query = "a=1";

  EXPECT_TRUE(read_form(untyped)->fields().empty());
  EXPECT_TRUE(read("text/plain", "")->fields().empty());
}

TEST(Multipart, ReadsFieldsAndSkipsFiles) {
  const auto form = parse_multipart(
      "\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--two\r\n"
      "\r\n--b\r\ncontent-disposition:form-data; filename=\"f.txt\"; name=\"file\"\r\nContent-Type: "
      "text/plain\r\n\r\nxx"
      "\r\n--b\r\nContent-Disposition: form-data; name=\"q\\\"uote\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
      "\r\n--b--\r\nepilogue",
      "b");

  ASSERT_TRUE(form);
  EXPECT_EQ(form->fields(), (Fields{{"a", "one\r\n--two\r\n"}, {"q\"uote", ""}}));
}

constexpr std::string_view part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";

TEST(Multipart, ReadsWhatDjangoReads) {
  const std::string whole(part);
  for (const std::string& body :
       {"preamble\r\n" + whole + "--b--", whole + "--b", whole + "--bx", "\n" + whole + "--b--",
        whole + "--b\r\nno colon\r\n\r\n2\r\n--b--", whole + "--b\r\n--b\r\n\r\n--b--",
        std::string("--b\r\nContent-Disposition: attachment; name= a ; filename=\"\"\r\n\r\n1\n--b--"),
        std::string("--b\r\nno colon\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--")}) {
    const auto form = parse_multipart(body, "b");
    ASSERT_TRUE(form) << body;
    EXPECT_EQ(form->fields(), (Fields{{"a", "1"}})) << body;
  }
}

TEST(Multipart, WithoutAClosingDelimiterTheLastValueReachesTheEnd) {
  EXPECT_EQ(parse_multipart(part, "b")->fields(), (Fields{{"a", "1\r\n"}}));
}

TEST(Multipart, WhatHoldsNoFieldIsAnEmptyForm) {
  for (std::string_view body :
       {"", "garbage", "--b", "--b--", "--b\r\n--b--", "--b\r\n\r\n--b--",
        "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "Content-Disposition: form-data; name=a\r\n\r\n1"}) {
    const auto form = parse_multipart(body, "b");
    ASSERT_TRUE(form) << body;
    EXPECT_TRUE(form->fields().empty()) << body;
  }
}

TEST(Multipart, DecodesBase64Parts) {
  const std::string head = "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: Base64\r\n\r\n";
  EXPECT_EQ(parse_multipart(head + "Pz8/\r\nPg==\r\n--b--", "b")->field("a"), "?\?\?>");
  EXPECT_EQ(parse_multipart(head + "no base64!\r\n--b--", "b")->field("a"), "no base64!");
}

TEST(Multipart, RefusesAMissingOrInvalidBoundary) {
  for (const std::string& boundary :
       {std::string(""), std::string("b "), std::string("\xd0\xb1"), std::string(202, 'b')})
    EXPECT_EQ(refusal(parse_multipart(part, boundary)), FormError::malformed) << boundary;
  EXPECT_TRUE(parse_multipart(part, std::string(201, 'b')));
  EXPECT_EQ(refusal(read("multipart/form-data", "")), FormError::malformed);
  EXPECT_EQ(refusal(read("Multipart/Form-Data; boundary=", "x")), FormError::malformed);
}

TEST(Multipart, CountsFilesToo) {
  std::string body;
  for (int i = 0; i < 1001; ++i) body += "--b\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\n\r\n";

  EXPECT_EQ(parse_multipart(body + "--b--", "b").error(), FormError::too_many_fields);
}

TEST(JsonForm, KeepsStringsAndNumbersAsWritten) {
  const auto form = parse_json_object(
      R"( {"a":"x\u043f\n","b":1.50,"c":-7,"d":1e3,"e":true,"f":null,"g":["s",{"a":"deep"}],"h":{"a":1},"":"empty","big":18446744073709551616} )");

  ASSERT_TRUE(form);
  EXPECT_EQ(
      form->fields(),
      (Fields{
          {"a", "xп\n"}, {"b", "1.50"}, {"c", "-7"}, {"d", "1e3"}, {"", "empty"}, {"big", "18446744073709551616"}}));
}

TEST(JsonForm, LetsTheLastMemberOfANameDecide) {
  EXPECT_EQ(parse_json_object(R"({"a":"1","a":"2"})")->field("a"), "2");
  EXPECT_FALSE(parse_json_object(R"({"a":"1","a":null})")->has("a"));
  EXPECT_FALSE(parse_json_object(R"({"a":"1","a":["x"]})")->has("a"));
}

TEST(JsonForm, RefusesWhatIsNoObject) {
  for (std::string_view text : {"", "[]", "\"a\"", "1", "{", "{\"a\":}", "{}x", "{\"a\":'1'}", "{\"a\":1,}",
                                "{\"a\":\"\xff\"}", "{\"a\":NaN}", "{} {}"}) {
    EXPECT_EQ(refusal(parse_json_object(text)), FormError::malformed) << text;
  }
  EXPECT_EQ(parse_json_object("{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}").error(),
            FormError::malformed);
}

TEST(JsonForm, TakesAThousandMembers) {
  std::string text = "{\"a\":1";
  for (int i = 1; i < 1000; ++i) text += ",\"a\":1";

  EXPECT_TRUE(parse_json_object(text + "}"));
  EXPECT_EQ(parse_json_object(text + ",\"a\":1}").error(), FormError::too_many_fields);
}

}  // namespace
}  // namespace propusk::http
