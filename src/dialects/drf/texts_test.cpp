// The sentences: holes, plurals of both languages, and what stays English in Russian. (The table itself is compared
// with the packages by tools/djoser_texts.py --check.)
#include "dialects/drf/texts.hpp"

#include <gtest/gtest.h>

#include "base/bug.hpp"

namespace propusk::drf {
namespace {
TEST(Texts, HolesAreFilledByName) {
  EXPECT_EQ(say(Sentence::already_exists, Language::en, {{"field_label", "email"}, {"model_name", "user"}}),
            "user with this email already exists.");
  EXPECT_EQ(say(Sentence::already_exists, Language::ru, {{"model_name", "user"}, {"field_label", "email"}}),
            "user с таким email уже существует.");
}

TEST(Texts, AValueIsNotReadForHolesAndAHoleWithoutValueStays) {
  EXPECT_EQ(say(Sentence::already_exists, Language::en, {{"model_name", "{field_label}"}}),
            "{field_label} with this {field_label} already exists.");
}

TEST(Texts, RussianIsWhatTheCatalogsHave) {
  EXPECT_EQ(say(Sentence::required, Language::ru), "Обязательное поле.");
  EXPECT_EQ(say(Sentence::credentials_refused, Language::ru), "Невозможно войти с предоставленными учетными данными.");
  EXPECT_EQ(say(Sentence::jwt_invalid, Language::ru), "Токен недействителен или просрочен");
  for (const Sentence english : {Sentence::not_a_string, Sentence::passwords_differ, Sentence::password_wrong,
                                 Sentence::link_token_invalid, Sentence::nothing_sent, Sentence::json_malformed})
    EXPECT_EQ(say(english, Language::ru), say(english, Language::en));
}

TEST(Texts, PluralsAreThoseOfTheLanguage) {
  const auto english = [](std::uint64_t count) {
    return say_counted(Sentence::password_too_short, Language::en, count);
  };
  EXPECT_EQ(english(1), "This password is too short. It must contain at least 1 character.");
  for (const std::uint64_t count : {0, 2, 8, 11, 21, 101})
    EXPECT_EQ(english(count),
              "This password is too short. It must contain at least " + std::to_string(count) + " characters.");
  const auto russian = [](std::uint64_t count) {
    const std::string said = say_counted(Sentence::password_too_short, Language::ru, count);
    return said.substr(said.find("минимум ") + std::string("минимум ").size());
  };
  for (const std::uint64_t count : {1, 21, 31, 101, 121, 1001})
    EXPECT_EQ(russian(count), std::to_string(count) + " символ.");
  for (const std::uint64_t count : {2, 3, 4, 22, 24, 102, 134})
    EXPECT_EQ(russian(count), std::to_string(count) + " символа.");
  for (const std::uint64_t count : {0, 5, 8, 10, 11, 12, 14, 19, 20, 25, 100, 111, 112, 1011})
    EXPECT_EQ(russian(count), std::to_string(count) + " символов.");
}

TEST(Texts, HowLongToWaitIsToldInEnglishOnly) {
  EXPECT_EQ(say_throttled(Language::en, 1), "Request was throttled. Expected available in 1 second.");
  EXPECT_EQ(say_throttled(Language::en, 60), "Request was throttled. Expected available in 60 seconds.");
  EXPECT_EQ(say_throttled(Language::ru, 21), "Запрос был проигнорирован. Expected available in 21 seconds.");
}

TEST(Texts, ACountedSentenceIsNotSaidWithoutItsCount) {
  EXPECT_THROW(say(Sentence::password_too_short, Language::en), Bug);
  EXPECT_THROW(say_counted(Sentence::required, Language::en, 1), Bug);
}

}  // namespace
}  // namespace propusk::drf
