// Parameters are read one by one, because a quoted value may hold the separators.
#include "http/media_type.hpp"

#include <algorithm>

namespace propusk::http {

namespace {
/// Takes a token or a quoted string from the front of `text`; nothing for an unclosed quote.
std::optional<std::string> take_value(std::string_view& text) {
  if (!text.starts_with('"')) {
    const std::string_view token = text.substr(0, text.find(';'));
    text.remove_prefix(token.size());
    return std::string(trimmed(token));
  }
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    out.push_back(text[i]);
  }
  return std::nullopt;
}
}  // namespace

std::optional<std::string> MediaType::parameter(std::string_view name) const {
  std::string_view rest = parameters_;
  while (!rest.empty()) {
    const auto name_end = rest.find_first_of("=;");
    const std::string_view key = trimmed(rest.substr(0, name_end));
    if (name_end == std::string_view::npos || rest[name_end] == ';') {
      if (!key.empty()) return std::nullopt;
      rest.remove_prefix(
          std::min(rest.size(), key.empty() && name_end != std::string_view::npos ? name_end + 1 : rest.size()));
      continue;
    }
    rest = trimmed(rest.substr(name_end + 1));
    auto value = take_value(rest);
    if (!value) return std::nullopt;
    if (same_text(key, name)) return value;
    rest = trimmed(rest);
    if (!rest.empty() && rest.front() != ';') return std::nullopt;
    if (!rest.empty()) rest.remove_prefix(1);
  }
  return std::nullopt;
}

}  // namespace propusk::http
