// Language: the languages in which people are spoken to, in mail and on pages.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace propusk {

enum class Language : std::uint8_t { en, ru };

/// All of them, the default first.
inline constexpr std::array languages{Language::en, Language::ru};
/// Their names by the same order (BCP 47), as stored and as negotiated.
inline constexpr std::array<std::string_view, languages.size()> language_names{"en", "ru"};

constexpr std::string_view language_name(Language language) {
  return language_names[static_cast<std::size_t>(language)];
}
/// Nothing for a name that is no language of ours.
constexpr std::optional<Language> language(std::string_view name) {
  for (Language known : languages)
    if (language_name(known) == name) return known;
  return std::nullopt;
}

}  // namespace propusk
