// Reads the recorded cases of this folder: lines of fields between tabs, in which \xNN is a byte and \\ a backslash.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.hpp"
#include "http/ascii.hpp"

namespace propusk::drf {

/// What a field of a case means.
inline std::string bytes_of(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '\\') {
      out.push_back(written[i]);
    } else if (written[++i] == '\\') {
      out.push_back('\\');
    } else {
      out.push_back(static_cast<char>(from_hex(written.substr(i + 1, 2)).value().front()));
      i += 2;
    }
  }
  return out;
}

/// The cases of a file, their fields as written. A line that begins with # is none.
inline std::vector<std::vector<std::string_view>> recorded_cases(std::string_view file) {
  std::vector<std::vector<std::string_view>> out;
  while (!file.empty()) {
    std::string_view line = http::take_until(file, '\n');
    if (line.starts_with('#')) continue;
    auto& fields = out.emplace_back();
    for (bool is_last = false; !is_last;) {
      is_last = !line.contains('\t');
      fields.push_back(http::take_until(line, '\t'));
    }
  }
  return out;
}

}  // namespace propusk::drf
