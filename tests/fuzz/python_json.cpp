// Fuzzes the JSON reader of the dialects of Django REST framework: its values keep their promises, and what a strict
// parser reads, it reads.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "dialects/drf/python_json.hpp"

namespace {
using namespace propusk;
using drf::JsonKind;

void check_value(const drf::JsonValue& value) {
  const std::string_view text = value.text.reveal();
  const bool is_number = value.kind == JsonKind::integer || value.kind == JsonKind::real;
  require(is_utf8(text) != value.has_surrogate, "a text is UTF-8, or marked");
  require(!value.has_surrogate || value.kind == JsonKind::text, "only a text has surrogates");
  require(!is_number || text.find_first_not_of("0123456789.e+-inf") == std::string_view::npos, "a number is a number");
  require(!is_number || !text.empty(), "a number has a text");
  if (value.kind == JsonKind::null || value.kind == JsonKind::list || value.kind == JsonKind::object)
    require(text.empty(), "what is no text and no number has none");
}

/// A parser of RFC 8259 that knows nothing of Python. (It may refuse more: its depth is 32.)
bool is_strict_json(std::string_view text) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  return !error;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto document = drf::parse_python_json(input);
  if (!document) {
    const std::string_view mistake = document.error();
    require(!mistake.empty() && is_utf8(mistake), "a mistake is told");
    require(!is_strict_json(input) || mistake.starts_with("Exceeds the limit"), "what is JSON is read");
    return 0;
  }
  check_value(document->value);
  require(document->members.empty() || document->value.kind == JsonKind::object, "only an object has members");
  for (const auto& [name, value] : document->members) {
    check_value(value);
    require(document->member(name) != nullptr, "a member is found by its name");
  }
  return 0;
}
