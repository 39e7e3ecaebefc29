// Which offer wins.
#include "http/accept.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace propusk::http {
namespace {

constexpr std::array<std::string_view, 2> types = {"application/json", "text/html"};
constexpr std::array<std::string_view, 3> languages = {"en", "ru", "pt-br"};

TEST(Accept, PrefersWeightThenOrder) {
  EXPECT_EQ(best_media_type("", types), 0U);
  EXPECT_EQ(best_media_type("*/*", types), 0U);
  EXPECT_EQ(best_media_type("text/html,application/xhtml+xml,*/*;q=0.8", types), 1U);
  EXPECT_EQ(best_media_type("application/json;q=0.5, TEXT/*", types), 1U);
  EXPECT_EQ(best_media_type("text/html;level=1;q=0.4,application/json ; q=0.40", types), 0U);
}

TEST(Accept, LetsTheMostSpecificRangeDecide) {
  EXPECT_EQ(best_media_type("*/*, application/json;q=0", types), 1U);
  EXPECT_EQ(best_media_type("text/*;q=1, text/html;q=0.1, application/*;q=0.2", types), 0U);
}

TEST(Accept, FindsNothingAcceptable) {
  EXPECT_EQ(best_media_type("image/png", types), std::nullopt);
  EXPECT_EQ(best_media_type("*/*;q=0", types), std::nullopt);
  EXPECT_EQ(best_media_type("*/*", {}), std::nullopt);
}

TEST(Accept, SkipsMalformedRanges) {
  EXPECT_EQ(best_media_type(",;q=1,text/html;q=2,text/html;q=0.1234,text/html;q=x,application/json", types), 0U);
  EXPECT_EQ(best_media_type("text/html;q=1.001", types), std::nullopt);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "a/b,";
  EXPECT_EQ(best_media_type(many + "text/html", types), std::nullopt);
}

TEST(Accept, MatchesLanguagesByTheirBeginning) {
  EXPECT_EQ(best_language("ru-RU,ru;q=0.9,en;q=0.8", languages), 1U);
  EXPECT_EQ(best_language("pt", languages), 2U);
  EXPECT_EQ(best_language("de, *;q=0.1", languages), 0U);
  EXPECT_EQ(best_language("e", languages), std::nullopt);
  EXPECT_EQ(best_language("ru;q=0, *", languages), 0U);
}

}  // namespace
}  // namespace propusk::http
