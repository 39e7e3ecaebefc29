// Lookups in the headers of a request.
#include "http/request.hpp"

#include "http/ascii.hpp"

namespace propusk::http {

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Header& line : headers) {
    if (same_text(line.name, name)) return line.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> last;
  for (const Header& line : headers) {
    if (!same_text(line.name, "Cookie")) continue;
    for (std::string_view rest = line.value; !rest.empty();) {
      std::string_view value = take_until(rest, ';');
      const bool is_named = value.find('=') != std::string_view::npos;
      if (!is_named || trimmed(take_until(value, '=')) != name) continue;
      value = trimmed(value);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      last = value;
    }
  }
  return last;
}

std::string_view Request::host() const { return header("Host").value_or(""); }

}  // namespace propusk::http
