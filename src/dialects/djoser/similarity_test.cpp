// Similar passwords: the answers of UserAttributeSimilarityValidator in Django 4.2.28.
#include "dialects/djoser/similarity.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace propusk::djoser {
namespace {
constexpr std::array<std::string_view, 4> names{"username", "first_name", "last_name", "email"};

struct Case {
  std::string password;
  std::vector<std::string> values;  ///< by the order of names
  std::string similar;              ///< "" is none
};
const std::vector<Case>& recorded() {
  static const std::vector<Case> cases{
      {"testclient", {"testclient"}, "username"},
      {"TestClient", {"testclient"}, "username"},
      {"example.com", {"u", "", "", "testclient@example.com"}, "email"},
      {"testclient@example.com", {"u", "", "", "testclient@example.com"}, "email"},
      {"tneilctset", {"testclient"}, "username"},
      {"xtestclient1", {"testclient"}, "username"},
      {"testclient1234", {"testclient"}, "username"},
      {"testclient12345", {"testclient"}, "username"},
      {"testclient123456789", {"testclient"}, ""},
      {"test", {"testclient"}, ""},
      {"testcl", {"testclient"}, "username"},
      {"testc", {"testclient"}, ""},
      {"jack1", {"", "Jack"}, "first_name"},
      {"mybirthday", {"", "", "My Birthday"}, "last_name"},
      {"birthdays", {"x", "", "my-birthday now"}, "last_name"},
      {"abc", {"a.b.c"}, "username"},
      {"abc", {"a b c"}, "username"},
      {"aaaaaaaaaa", {"a"}, ""},
      {"aaaaaaaaa", {"a"}, ""},
      {"aaaaaaaaaaa", {"aa"}, ""},
      {"aaaa", {"aaa"}, "username"},
      {"aaaaaaa", {"aaaa"}, "username"},
      {"aaaaaa", {"aaaa"}, "username"},
      {"ab", {"ba", "ab"}, "username"},
      {"password", {"", "pass", "word"}, ""},
      {"Str0ng-Pass-77", {"ann", "", "", "ann@example.test"}, ""},
      {"ann@example.test", {"ann", "", "", "ann@example.test"}, "email"},
      {"annexampletest", {"x", "", "", "ann@example.test"}, "email"},
      {"пароль", {"", "Пароль"}, "first_name"},
      {"ПАРОЛЬ1", {"", "", "пароль"}, "last_name"},
      {"иванов2020", {"", "Иван", "Иванов"}, "last_name"},
      {"STRASSE", {"straße"}, "username"},
      {"straße", {"STRASSE"}, "username"},
      {"ΣΊΣΥΦΟΣ", {"σίσυφος"}, "username"},
      {"σίσυφοσ", {"ΣΊΣΥΦΟΣ"}, "username"},
      {"İstanbul", {"istanbul"}, "username"},
      {"😀😀😀", {"😀😀😀😀"}, "username"},
      {"under_score", {"under_score x"}, "username"},
      {"score", {"under_score"}, ""},
      {"日本語", {"日本 日本語"}, "username"},
      {"x", {""}, ""},
      {"", {""}, ""},
      {"", {"a"}, ""},
      {"", {"-"}, "username"},
      {"a", {"-"}, ""},
      {"---", {"---"}, "username"},
      {"--", {"a--"}, "username"},
      {"é", {"e\u0301"}, ""},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", {"aaa"}, ""},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", {"aaa"}, ""},
      {"abcdefg123", {"abcdefghij"}, "username"},
      {"abcdef1234", {"abcdefghij"}, ""},
      {"12345678", {"user12345678"}, "username"},
      {"q w e r t y", {"qwerty"}, "username"},
      {"1", {"1 2 3"}, "username"},
      {"yxyxyx", {"", "xy", "xyx"}, ""},
  };
  return cases;
}

TEST(Similarity, IsThatOfDjango) {
  for (const auto& [password, values, similar] : recorded()) {
    std::vector<UserAttribute> attributes;
    for (std::size_t i = 0; i < values.size(); ++i) attributes.push_back({values[i], names[i]});
    EXPECT_EQ(similar_attribute(password, attributes).value_or(""), similar) << password << " and " << values.back();
  }
}

TEST(Similarity, TheFirstSimilarAttributeIsNamed) {
  const std::array attributes{UserAttribute{"bob", "login"}, UserAttribute{"testclient", "first"},
                              UserAttribute{"testclient", "second"}};
  EXPECT_EQ(similar_attribute("testclient", attributes), "first");
}

TEST(Similarity, WithoutAttributesThereIsNone) { EXPECT_EQ(similar_attribute("testclient", {}), std::nullopt); }

}  // namespace
}  // namespace propusk::djoser
