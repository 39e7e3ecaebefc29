// JSON as the recorded server reads it: what Python's json.loads makes of a body behind DRF's JSONParser, and its words
// for mistakes.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace propusk::drf {

enum class JsonKind : std::uint8_t { null, boolean, integer, real, text, list, object };

/// What Python calls the type of such a value: NoneType, bool, int, float, str, list, dict.
std::string_view python_type(JsonKind kind);

/// One value. What a list or an object holds is not part of it.
struct JsonValue {
  JsonKind kind = JsonKind::null;
  /// A text itself; of a boolean and of numbers Python's str(): "True", "-5", "100000.0", "1e+16", "inf". Else "".
  Secret<> text{};
  /// A text has a lone surrogate in it. There `text` has the three bytes that UTF-8 would have for it.
  bool has_surrogate = false;
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

/// The outermost value and, if it is an object, its members. What stands deeper is checked and forgotten.
struct JsonDocument {
  JsonValue value{};
  std::vector<JsonMember> members{};  ///< as written; of several of one name the last counts, as in a dict

  /// The member of that name; nullptr if none.
  [[nodiscard]] const JsonValue* member(std::string_view name) const;
};

/// The deepest nesting that is read. (The original answers 500 somewhere below Python's recursion limit of 1,000.)
inline constexpr std::size_t json_depth_limit = 100;

/// Reads UTF-8 as json.load of CPython 3.11 with its C scanner reads codecs.getreader("utf-8"): an unfinished sequence
/// at the very end is not there, NaN and Infinity are refused (DRF's strict_constant), so are integers of more than
/// 4,300 digits. The error is Python's message, positions in code points; for nesting a sentence of ours.
std::expected<JsonDocument, std::string> parse_python_json(std::string_view bytes);

}  // namespace propusk::drf
