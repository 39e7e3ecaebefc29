// Fields as DRF checks them: 260 requests with the answers of Django REST framework, and the objects in between.
#include "dialects/drf/fields.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/text.hpp"
#include "dialects/drf/testing/recorded.hpp"

namespace propusk::drf {
namespace {
using namespace std::string_view_literals;

constexpr char case_file[] = {
#embed "testing/fields.tsv"
};

/// The serializer of tools/djoser_field_cases.py.
constexpr std::array rules{
    FieldRule{.name = "email", .type = FieldType::email, .max_length = 254},
    FieldRule{.name = "username", .type = FieldType::username, .max_length = 150},
    FieldRule{.name = "password"},
    FieldRule{.name = "first_name", .is_required = false, .may_be_blank = true, .max_length = 150},
    FieldRule{.name = "nick", .is_required = false},
};

struct Sent {
  std::string content_type, body;
  bool is_partial = false;
  Language language = Language::en;
};

/// What its view answers: the status and the validated data, the errors, or why the body cannot be read.
std::string answer(const Sent& sent) {
  http::Request request;
  request.headers = {{"Content-Type", sent.content_type}};
  request.body = sent.body;
  const auto body = Body::read(request, sent.language);
  if (!body) return std::to_string(body.error().status) + R"( {"detail":)" + json_text(body.error().detail) + "}";
  const Validated validated = validate(*body, rules, sent.language, sent.is_partial);
  if (!validated.errors.empty()) return "400 " + validated.errors.to_json();
  std::string out;
  for (const FieldRule& rule : rules) {
    const auto value = validated.values.get(rule.name);
    if (value) out.append(out.empty() ? "" : ",").append(json_text(rule.name)).append(":").append(json_text(*value));
  }
  return "200 {" + out + "}";
}

TEST(Fields, AnswerEveryRecordedRequestAsRestFrameworkDoes) {
  const auto cases = recorded_cases({case_file, sizeof case_file});
  EXPECT_GE(cases.size(), 250U);
  for (const auto& each : cases) {
    const Sent sent{.content_type = bytes_of(each.at(1)),
                    .body = bytes_of(each.at(2)),
                    .is_partial = each.at(0).starts_with("PATCH"),
                    .language = language(each.at(0).substr(each.at(0).size() - 2)).value()};
    EXPECT_EQ(answer(sent), bytes_of(each.at(3))) << each.at(0) << ' ' << each.at(1) << ' ' << each.at(2);
  }
}

Body body_of(std::string_view json) {
  http::Request request;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json;
  return Body::read(request).value();
}

TEST(Fields, ValuesOfGoodFieldsAreThereWhenAnotherIsWrong) {
  const Validated validated = validate(body_of(R"({"email":" a@b.co ","username":""})"), rules, Language::en);
  EXPECT_EQ(validated.values.get("email"), "a@b.co");
  EXPECT_EQ(validated.values.get("username"), std::nullopt);
  EXPECT_TRUE(validated.errors.has("username"));
  EXPECT_TRUE(validated.errors.has("password"));
  EXPECT_FALSE(validated.errors.has("email"));
}

TEST(Fields, ABlankOneIsAValueAndAnAbsentOneIsNot) {
  const Validated validated = validate(body_of(R"({"first_name":" "})"), rules, Language::en, true);
  EXPECT_TRUE(validated.errors.empty());
  EXPECT_EQ(validated.values.get("first_name"), "");
  EXPECT_EQ(validated.values.get("nick"), std::nullopt);
}

TEST(Errors, StandInTheOrderOfTheSerializerWhateverTheOrderOfAdding) {
  Errors errors(rules);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(errors.to_json(), "{}");
  errors.add_to_all("whole");
  errors.add("detail", "no field");
  errors.add("password", "one");
  errors.add("email", "a \"quoted\" one");
  errors.add("password", "two");
  EXPECT_FALSE(errors.empty());
  EXPECT_EQ(errors.to_json(), R"({"email":["a \"quoted\" one"],"password":["one","two"],"detail":["no field"],)"
                              R"("non_field_errors":["whole"]})");
}

TEST(Errors, OfNoSerializerStandAlone) {
  Errors errors;
  errors.add_to_all("Unable to log in with provided credentials.");
  EXPECT_EQ(errors.to_json(), R"({"non_field_errors":["Unable to log in with provided credentials."]})");
}

TEST(JsonText, IsUtf8ButForWhatJsonAndJavaScriptCannotHave) {
  EXPECT_EQ(json_text("é 😀 / ~ \x7f"), "\"é 😀 / ~ \x7f\"");
  EXPECT_EQ(json_text("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(json_text("\0\x1b\x1f"sv), R"("\u0000\u001b\u001f")");
  EXPECT_EQ(json_text("a\u2028b\u2029c\u2027\u202a"), "\"a\\u2028b\\u2029c\u2027\u202a\"");
  EXPECT_EQ(json_text(""), R"("")");
}

TEST(JsonText, WhatIsNotUtf8IsNeverSentRaw) {
  EXPECT_EQ(json_text("a\xff\xc3"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_TRUE(is_utf8(json_text("\xed\xa0\x80")));
}

}  // namespace
}  // namespace propusk::drf
