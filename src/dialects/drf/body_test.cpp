// Body: what fields_test.cpp's recorded requests do not show: what a body is, and where we differ on purpose.
#include "dialects/drf/body.hpp"

#include <gtest/gtest.h>

namespace propusk::drf {
namespace {
constexpr std::string_view form = "application/x-www-form-urlencoded";

std::expected<Body, BodyProblem> read(std::string_view type, std::string_view body, Language language = Language::en) {
  http::Request request;
  request.headers = {{"Content-Type", type}};
  request.body = body;
  return Body::read(request, language);
}

std::string text(const Body& body, std::string_view name) {
  const JsonValue* value = body.field(name);
  return value == nullptr ? "absent" : value->text.reveal();
}

TEST(Body, KnowsWhatItIs) {
  EXPECT_EQ(read("application/json", "null")->kind(), JsonKind::null);
  EXPECT_EQ(read("application/json", "[{}]")->kind(), JsonKind::list);
  EXPECT_EQ(read("application/json", "{}")->kind(), JsonKind::object);
  EXPECT_FALSE(read("application/json", "{}")->is_form());
  EXPECT_EQ(read(form, "a=1")->kind(), JsonKind::object);
  EXPECT_TRUE(read(form, "a=1")->is_form());
  EXPECT_TRUE(read("multipart/form-data; boundary=b", "--b--")->is_form());
}

TEST(Body, TellsTheKindsOfFieldsApart) {
  const auto body = read("application/json", R"({"n":null,"b":true,"i":7,"r":1.50,"t":" x ","l":[1],"o":{"a":1}})");
  const auto kind = [&body](std::string_view name) { return body->field(name)->kind; };
  EXPECT_EQ(kind("n"), JsonKind::null);
  EXPECT_EQ(kind("b"), JsonKind::boolean);
  EXPECT_EQ(kind("i"), JsonKind::integer);
  EXPECT_EQ(kind("r"), JsonKind::real);
  EXPECT_EQ(kind("t"), JsonKind::text);
  EXPECT_EQ(kind("l"), JsonKind::list);
  EXPECT_EQ(kind("o"), JsonKind::object);
  EXPECT_EQ(text(*body, "i"), "7");
  EXPECT_EQ(text(*body, "r"), "1.5");
  EXPECT_EQ(text(*body, "t"), " x ");
  EXPECT_EQ(body->field("a"), nullptr);
}

TEST(Body, OfSeveralFieldsOfOneNameTheLastCounts) {
  EXPECT_EQ(text(*read("application/json", R"({"a":1,"a":2})"), "a"), "2");
  EXPECT_EQ(text(*read(form, "a=1&b=2&a=3"), "a"), "3");
}

TEST(Body, ThatIsEmptyIsEmptyDataWhateverItsType) {
  for (const char* type : {"", "application/json", "text/plain", "multipart/form-data"}) {
    const auto body = read(type, "");
    ASSERT_TRUE(body) << type;
    EXPECT_EQ(body->kind(), JsonKind::object);
    EXPECT_EQ(text(*body, "a"), "absent");
  }
}

TEST(Body, WithoutContentTypeIs415) {
  http::Request request;
  request.body = "{}";
  const auto body = Body::read(request);
  EXPECT_EQ(body.error().status, 415);
  EXPECT_EQ(body.error().detail, "Unsupported media type \"\" in request.");
}

TEST(Body, OnlyTheUnsupportedMediaTypeIsToldInRussian) {
  EXPECT_EQ(read("text/plain; x=\xe9", "x", Language::ru).error().detail,
            "Неподдерживаемый тип данных \"text/plain; x=é\" в запросе.");
  EXPECT_EQ(read("application/json", "{", Language::ru).error().detail,
            "JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)");
}

TEST(Body, HasAtMostAThousandFormFields) {
  std::string fields = "a=1";
  for (int i = 1; i < 1000; ++i) fields += "&a=1";
  EXPECT_TRUE(read(form, fields));
  const auto body = read(form, fields + "&a=1");
  EXPECT_EQ(body.error().status, 400);
  EXPECT_EQ(body.error().detail, "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.");
}

TEST(Body, OfACharsetThatItDoesNotFitIs400InOurOwnWords) {
  const auto body = read("application/json; charset=us-ascii", "{\"a\":\"\xc3\xa9\"}");
  EXPECT_EQ(body.error().status, 400);
  EXPECT_EQ(body.error().detail, "JSON parse error - 'us-ascii' codec can't decode the body");
}

TEST(Body, HasNoFiles) {
  const auto body = read("multipart/form-data; boundary=b",
                         "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n");
  EXPECT_EQ(body->field("a"), nullptr);
}

}  // namespace
}  // namespace propusk::drf
