// The catalogue is complete, and counts as people do.
#include "web/texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace propusk::web {
namespace {

std::ptrdiff_t places(std::string_view text) { return std::ranges::count(text, '{'); }

TEST(Texts, EveryTextStandsAtItsKeyInEveryLanguage) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < texts().size(); ++i) {
    const TextRow& row = texts()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.key), i) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    for (std::string_view words : row.in) {
      EXPECT_FALSE(words.empty()) << row.name;
      EXPECT_EQ(places(words), places(row.in[0])) << row.name;
    }
  }
  EXPECT_EQ(texts().size(), text_count);
}

TEST(Texts, ALanguageIsSpokenInItsOwnLetters) {
  for (const TextRow& row : texts()) {
    const auto is_cyrillic = [](char c) { return c == '\xd0' || c == '\xd1'; };
    EXPECT_FALSE(std::ranges::any_of(row.in[static_cast<std::size_t>(Language::en)], is_cyrillic)) << row.name;
    EXPECT_TRUE(std::ranges::any_of(row.in[static_cast<std::size_t>(Language::ru)], is_cyrillic)) << row.name;
  }
}

TEST(Texts, ARussianNumberPicksItsForm) {
  const auto waiting = [](std::uint64_t minutes) { return counted(wait, Language::ru, minutes); };
  for (std::uint64_t one : {1U, 21U, 101U})
    EXPECT_EQ(waiting(one), "Повторите попытку через " + std::to_string(one) + "\u00a0минуту.");
  for (std::uint64_t few : {2U, 4U, 22U, 104U})
    EXPECT_EQ(waiting(few), "Повторите попытку через " + std::to_string(few) + "\u00a0минуты.");
  for (std::uint64_t many : {0U, 5U, 11U, 12U, 14U, 20U, 25U, 111U, 112U})
    EXPECT_EQ(waiting(many), "Повторите попытку через " + std::to_string(many) + "\u00a0минут.");
  EXPECT_EQ(counted(hint, Language::ru, 21).substr(0, 40),
            std::string("Не короче 21\u00a0символа. Хорошо").substr(0, 40));
}

TEST(Texts, AnEnglishNumberPicksItsForm) {
  EXPECT_EQ(counted(wait, Language::en, 1), "Try again in 1\u00a0minute.");
  for (std::uint64_t many : {0U, 2U, 11U, 21U})
    EXPECT_EQ(counted(wait, Language::en, many), "Try again in " + std::to_string(many) + "\u00a0minutes.");
}

// A template that asks for a text which nobody wrote would show a hole.
TEST(Texts, EveryNameInATemplateIsATextOrAValueThatAHandlerSets) {
  std::set<std::string> known{"LANGUAGE", "PAGE_TITLE",   "SITE",       "STYLE",    "SCRIPT",     "TITLE",  "FIELD",
                              "WORDS",    "CODE",         "NAME",       "EMAIL",    "HINT",       "URL",    "USERNAME",
                              "ID",       "SUBJECT",      "KIND",       "AT",       "NUMBER",     "PLAIN",  "RECIPIENT",
                              "LEAD",     "LABEL",        "TYPE",       "NEW_NAME", "TOKEN",      "BUTTON", "OLD_EMAIL",
                              "SUMMARY",  "FORM_TOKEN",   "ACTOR",      "STAMP",    "SINCE",      "KEY",    "DISPLAY",
                              "LEADS",    "PLACE",        "SEEN",       "ID_WORDS", "MORE_WORDS", "NEXT",   "VALUE",
                              "CAPITALS", "DESCRIBED_BY", "DONE_WORDS", "QUERY"};
  for (const TextRow& row : texts()) known.emplace(row.name);
  const std::regex marker(R"(\{\{([A-Z_]+)(?::\w+)?\}\})");
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(PROPUSK_SOURCE_DIR "/src/web/templates")) {
    std::ifstream in(file.path());
    const std::string source(std::istreambuf_iterator<char>(in), {});
    for (std::sregex_iterator it(source.begin(), source.end(), marker), end; it != end; ++it, ++seen)
      EXPECT_TRUE(known.contains((*it)[1])) << file.path() << " " << (*it)[1];
    EXPECT_TRUE(source.starts_with("{{%AUTOESCAPE context=\"HTML\"}}")) << file.path();
  }
  EXPECT_GT(seen, 40U);
}

}  // namespace
}  // namespace propusk::web
