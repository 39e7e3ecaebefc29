// Lists that are stored and sent as words with a space between them: scopes, grants, addresses.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace propusk {

/// The words of `list`, views into it; spaces at the ends and several in a row part nothing.
inline std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end != 0) words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

/// The inverse; `words` is a range of strings.
template <class Words>
std::string joined(const Words& words) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : " ").append(std::string_view(word));
  return out;
}

}  // namespace propusk
