// JSON as Python reads it: 660 texts with the answers of CPython, and what Python leaves to us.
#include "dialects/drf/python_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/encoding.hpp"
#include "dialects/drf/testing/recorded.hpp"

namespace propusk::drf {
namespace {
constexpr char case_file[] = {
#embed "testing/python_json.tsv"
};

std::string written_as(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c == '\\')
      out.append("\\\\");
    else if (c >= ' ' && c <= '~')
      out.push_back(c);
    else
      out.append("\\x").append(to_hex(std::array{std::byte(c)}));
  }
  return out;
}

std::string told(const JsonValue& value) {
  return std::string(python_type(value.kind)) + ':' + written_as(value.text.reveal());
}

/// As the file has it. Python tells a member at the place where its name first stood.
std::string told(const std::expected<JsonDocument, std::string>& document) {
  if (!document) return "! " + written_as(document.error());
  std::string out = told(document->value);
  std::vector<std::string_view> names;
  for (const JsonMember& member : document->members) {
    if (std::ranges::find(names, member.name) != names.end()) continue;
    names.push_back(member.name);
    out.append(" ").append(written_as(member.name)).append("=");
    out.append(told(*document->member(member.name))).append(";");
  }
  return out;
}

TEST(PythonJson, AnswersEveryRecordedTextAsPythonDoes) {
  const auto cases = recorded_cases({case_file, sizeof case_file});
  EXPECT_GE(cases.size(), 600U);
  for (const auto& each : cases) EXPECT_EQ(told(parse_python_json(bytes_of(each.at(0)))), each.at(1)) << each.at(0);
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(PythonJson, NestingEndsAt100) {
  EXPECT_TRUE(parse_python_json(nested(json_depth_limit)));
  EXPECT_EQ(parse_python_json(nested(json_depth_limit + 1)).error(),
            "Nested deeper than 100 levels: line 1 column 101 (char 100)");
  EXPECT_EQ(parse_python_json(R"({"a":)" + nested(json_depth_limit) + "}").error(),
            "Nested deeper than 100 levels: line 1 column 105 (char 104)");
}

TEST(PythonJson, AMillionBracketsTakeNoMoreOfTheStackThanAHundred) {
  EXPECT_FALSE(parse_python_json(std::string(1'000'000, '[')));
}

TEST(PythonJson, ALoneSurrogateIsMarkedAndStandsAsThreeBytes) {
  const auto lone = parse_python_json(R"("a\ud800")");
  EXPECT_TRUE(lone->value.has_surrogate);
  EXPECT_EQ(lone->value.text.reveal(), "a\xed\xa0\x80");
  EXPECT_FALSE(parse_python_json(R"("\ud83d\ude00")")->value.has_surrogate);
  const auto inside = parse_python_json(R"({"a":"\udfff","b":"x"})");
  EXPECT_TRUE(inside->member("a")->has_surrogate);
  EXPECT_FALSE(inside->member("b")->has_surrogate);
}

TEST(PythonJson, OnlyMembersOfTheOutermostObjectAreKept) {
  const auto document = parse_python_json(R"({"a":{"b":1},"c":[{"d":2}]})");
  EXPECT_EQ(document->members.size(), 2U);
  EXPECT_EQ(document->member("a")->kind, JsonKind::object);
  EXPECT_EQ(document->member("b"), nullptr);
  EXPECT_TRUE(parse_python_json(R"([{"a":1}])")->members.empty());
}

}  // namespace
}  // namespace propusk::drf
