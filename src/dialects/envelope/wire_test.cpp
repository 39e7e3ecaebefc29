// The envelope's bytes: JSON as Python's json.dumps writes it, in both historic shapes.
#include "dialects/envelope/wire.hpp"

#include <gtest/gtest.h>

namespace propusk::envelope {
namespace {
TEST(JsonString, PrintableAsciiStaysAndTheRestIsEscapedAsJsonDumpsDoes) {
  EXPECT_EQ(json_string("ann+1@example.com ~"), R"("ann+1@example.com ~")");
  EXPECT_EQ(json_string("\"\\\b\f\n\r\t/"), R"("\"\\\b\f\n\r\t/")");
  EXPECT_EQ(json_string(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(json_string("а@пр.рф"), R"("\u0430@\u043f\u0440.\u0440\u0444")");
  EXPECT_EQ(json_string("😀"), R"("\ud83d\ude00")");
}

TEST(JsonString, WhatIsNotUtf8IsNeverSentRaw) { EXPECT_EQ(json_string("a\xff\xc3"), R"("a\ufffd\ufffd")"); }

http::Request request_to(std::string_view path) {
  http::Request request;
  request.path = path;
  return request;
}
std::string answer(Shape shape, std::string_view path, WireError error) {
  http::Reply reply;
  write_envelope(error, nothing_told({.shape = shape, .cookie_domain = ""}, request_to(path)), reply);
  return std::to_string(reply.status) + " " + reply.body();
}

TEST(Envelope, TheSeedShapeLeavesResultOutOfRegisterAlone) {
  EXPECT_EQ(answer(Shape::seed, "/auth/register", success), R"(200 {"status": 1, "error": 0})");
  EXPECT_EQ(answer(Shape::seed, "/auth/register", {200, 12}), R"(200 {"status": 0, "error": 12})");
  EXPECT_EQ(answer(Shape::seed, "/auth/login", {200, 41}), R"(200 {"status": 0, "result": {}, "error": 41})");
}

TEST(Envelope, TheListShapeSaysAnEmptyListEverywhere) {
  EXPECT_EQ(answer(Shape::list, "/auth/register", success), R"(200 {"status": 1, "result": [], "error": 0})");
  EXPECT_EQ(answer(Shape::list, "/auth/edit", access_error), R"(403 {"status": 0, "result": [], "error": 52})");
}

TEST(Envelope, TheFirstCheckOfTheContractIsTold) {
  const auto told = [](core::Refusals all) {
    http::Reply reply;
    write_refusal(core::Refused(all.first(), all), "", reply);
    return reply.body();
  };
  using core::Refusal;
  EXPECT_EQ(told({Refusal::username_malformed, Refusal::email_malformed}), R"({"status": 0, "error": 11})");
  EXPECT_EQ(told({Refusal::email_taken, Refusal::username_taken}), R"({"status": 0, "error": 12})");
  EXPECT_EQ(told({Refusal::password_common, Refusal::email_malformed}), R"({"status": 0, "error": 31})");
  EXPECT_EQ(told({Refusal::email_taken, Refusal::password_too_short}), R"({"status": 0, "error": 32})");
  EXPECT_EQ(told({Refusal::password_too_short, Refusal::password_numeric}), R"({"status": 0, "error": 51})");
}

TEST(Envelope, ALimitedAnswerSaysWhenToComeBack) {
  http::Reply reply;
  write_refusal(core::Refused(core::Refusal::limited, seconds{60}), "{}", reply);
  EXPECT_EQ(reply.body(), R"({"status": 0, "result": {}, "error": 41})");
  EXPECT_NE(reply.lines().find("Retry-After: 60\r\n"), std::string::npos);
}

TEST(Language, FollowsAcceptLanguageAndIsEnglishElse) {
  const auto language_for = [](std::string_view header) {
    http::Request request;
    request.headers = {{"Accept-Language", header}};
    return language_of(request);
  };
  EXPECT_EQ(language_for("ru-RU,ru;q=0.9,en;q=0.8"), Language::ru);
  EXPECT_EQ(language_for("en-GB,en;q=0.9,ru;q=0.8"), Language::en);
  EXPECT_EQ(language_for("fr"), std::nullopt);
  EXPECT_EQ(language_of({}), std::nullopt);
}
TEST(ClientVersion, IsComparedByNumbers) {
  EXPECT_TRUE(is_older_version("2.9", "2.10"));
  EXPECT_TRUE(is_older_version("2", "2.0.1"));
  for (const char* version : {"2.10", "2.10.0", "2.11", "10", "2.10.0.1"})
    EXPECT_FALSE(is_older_version(version, "2.10")) << version;
}

TEST(ClientVersion, WhatIsNoVersionIsNotOlder) {
  for (const char* version : {"x", "2.x", "-1", "99999999999999", "1,0"})
    EXPECT_FALSE(is_older_version(version, "2.10")) << version;
  EXPECT_FALSE(is_older_version("1", ""));
}

}  // namespace
}  // namespace propusk::envelope
