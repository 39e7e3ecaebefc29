// Edit distance: how far a mistyped key is from a real one.
#pragma once
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <vector>

namespace propusk::config {

/// Levenshtein's distance in bytes: insertions, deletions and replacements. Of `a`, only the first 100 bytes count: no
/// key is that long, and the text comes from outside.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, 100);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace propusk::config
