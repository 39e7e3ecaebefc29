// Counts of code points, as SequenceMatcher.quick_ratio() compares them: the order of the characters does not matter.
#include "dialects/djoser/similarity.hpp"

#include <string>
#include <unordered_map>
#include <vector>

#include "base/secret.hpp"
#include "base/text.hpp"

namespace propusk::djoser {
namespace {
constexpr double max_similarity = 0.7;  // UserAttributeSimilarityValidator.__init__

/// exceeds_maximum_length_ratio()
bool is_far_longer(std::size_t password, std::size_t part) {
  const double bound = max_similarity / 2 * static_cast<double>(password);
  return password >= 10 * part && static_cast<double>(part) < bound;
}

double quick_ratio(std::u32string_view password, std::u32string_view part) {
  if (password.empty() && part.empty()) return 1.0;
  std::unordered_map<char32_t, std::size_t> left;
  for (const char32_t point : part) ++left[point];
  std::size_t matches = 0;
  for (const char32_t point : password) {
    const auto found = left.find(point);
    if (found == left.end() || found->second == 0) continue;
    --found->second;
    ++matches;
  }
  return 2.0 * static_cast<double>(matches) / static_cast<double>(password.size() + part.size());
}

/// re.split(r"\W+", value) and the value itself; "" where it begins or ends with what is no word.
std::vector<std::u32string_view> parts_of(std::u32string_view value) {
  std::vector<std::u32string_view> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (is_word(value[at])) continue;
    out.push_back(value.substr(begin, at - begin));
    while (at + 1 < value.size() && !is_word(value[at + 1])) ++at;
    begin = at + 1;
  }
  out.push_back(value.substr(begin));
  out.push_back(value);
  return out;
}
}  // namespace

std::optional<std::string_view> similar_attribute(std::string_view password,
                                                  std::span<const UserAttribute> attributes) {
  const Secret<> lower(lower_case(password));
  const Secret<std::u32string> typed(to_code_points(lower.reveal()));
  for (const UserAttribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    const std::u32string value = to_code_points(lower_case(attribute.value));
    for (const std::u32string_view part : parts_of(value)) {
      if (is_far_longer(typed.reveal().size(), part.size())) continue;
      if (quick_ratio(typed.reveal(), part) >= max_similarity) return attribute.verbose_name;
    }
  }
  return std::nullopt;
}

}  // namespace propusk::djoser
