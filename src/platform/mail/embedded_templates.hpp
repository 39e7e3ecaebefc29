// The templates that are built in; an operator's file of the same name replaces one.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace propusk::platform {

struct EmbeddedTemplate {
  std::string_view file;  ///< KIND.LANGUAGE.subject.txt, KIND.LANGUAGE.txt, KIND.LANGUAGE.html, or frame.html
  std::string_view text;
};
/// An embedded file as text.
template <std::size_t N>
constexpr std::string_view whole(const char (&text)[N]) {
  return {text, N};
}
/// All of them.
std::span<const EmbeddedTemplate> embedded_templates();
/// Nothing for a name that none has.
std::optional<std::string_view> embedded_template(std::string_view file);

}  // namespace propusk::platform
