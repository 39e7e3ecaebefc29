// Judges new passwords: length in code points, the common list by binary search over its sorted lines, all digits.
#include "core/passwords/password_policy.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace propusk::core {
namespace {
/// Django's list of 20,000 (Royce Williams), sorted by bytes, one a line, each line ended.
constexpr char common_passwords[] = {
#embed "common_passwords.txt"
};
constexpr std::string_view common_lines(common_passwords, sizeof common_passwords);
constexpr std::size_t longest_common = 32;  // bytes, above the list's longest line: longer passwords need no look-up

/// What Python's str.strip() and lower() do to the ASCII part, which is all that the list holds.
std::string lowered_and_stripped(std::string_view text) {
  constexpr std::string_view space = " \t\n\r\v\f\x1c\x1d\x1e\x1f";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(space) - first + 1);
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}
}  // namespace

bool is_common_password(std::string_view utf8) {
  const std::string wanted = lowered_and_stripped(utf8);
  if (wanted.empty() || wanted.size() > longest_common) return false;
  std::size_t low = 0, high = common_lines.size();  // both at the start of a line
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::size_t ended = middle == low ? std::string_view::npos : common_lines.rfind('\n', middle - 1);
    const std::size_t line = ended == std::string_view::npos || ended < low ? low : ended + 1;
    const std::size_t end = common_lines.find('\n', line);
    const std::string_view candidate = common_lines.substr(line, end - line);
    if (candidate == wanted) return true;
    if (candidate < wanted)
      low = end + 1;
    else
      high = line;
  }
  return false;
}

Refusals PasswordPolicy::judge(const Secret<>& password) const {
  const std::string& text = password.reveal();
  if (text.size() > password_bytes_limit) return {Refusal::password_too_long};
  if (!is_utf8(text)) return {Refusal::password_malformed};
  Refusals problems;
  if (code_points(text) < min_length) problems.add(Refusal::password_too_short);
  if (is_common_password(text)) problems.add(Refusal::password_common);
  if (is_all_digits(text)) problems.add(Refusal::password_numeric);
  return problems;
}

}  // namespace propusk::core
