// The scanner finds where the values stand; only the outermost one and its members are then read.
#include "dialects/drf/python_json.hpp"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "dialects/drf/json_scanner.hpp"

namespace propusk::drf {
namespace {
constexpr double least_scientific = 1e16;  // repr() writes 16 digits before the point, and 4 zeros behind it
constexpr double most_scientific = 1e-4;

/// How many bytes a UTF-8 sequence has that begins so; 0 for a byte that begins none.
constexpr std::size_t sequence_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// Whether `byte` may stand at `place` (1 to 3) of a sequence that begins with `lead`.
constexpr bool continues(unsigned char lead, std::size_t place, unsigned char byte) {
  const unsigned char least = place > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char most = place > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= most;
}

/// Two bytes of a surrogate: CPython takes them for an unfinished sequence, three for a mistake.
constexpr bool is_half_surrogate(std::string_view rest) {
  return rest.size() == 2 && rest[0] == '\xed' && rest[1] >= '\xa0' && rest[1] <= '\xbf';
}

/// UnicodeDecodeError's words about `size` bytes from `at`.
std::string decode_mistake(std::string_view bytes, std::size_t at, std::size_t size, std::string_view why) {
  std::string out = "'utf-8' codec can't decode ";
  if (size == 1) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(bytes[at]);
    out.append("byte 0x").append({hex[byte >> 4], hex[byte & 15]}).append(" in position ").append(std::to_string(at));
  } else {
    out.append("bytes in position ").append(std::to_string(at)).append("-").append(std::to_string(at + size - 1));
  }
  return out.append(": ").append(why);
}

/// The part of `bytes` that a codecs.StreamReader gives: all but an unfinished sequence at the end.
std::expected<std::string_view, std::string> decoded(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    const std::size_t size = sequence_size(lead);
    if (size == 0) return std::unexpected(decode_mistake(bytes, at, 1, "invalid start byte"));
    for (std::size_t place = 1; place < size; ++place) {
      const std::string_view rest = bytes.substr(at);
      if (rest.size() == place || is_half_surrogate(rest)) return bytes.substr(0, at);
      if (!continues(lead, place, static_cast<unsigned char>(rest[place])))
        return std::unexpected(decode_mistake(bytes, at, place, "invalid continuation byte"));
    }
    at += size;
  }
  return bytes;
}

/// float() of a JSON number that from_chars finds out of range: infinity, or zero for a negative power.
double beyond_range(std::string_view source) {
  const std::string_view digits = source.substr(source.find_first_not_of('-'));
  // The size of the number decides, not its exponent: 0.00…1e400 may be small. Saturates: a body has no 10^18 digits.
  const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
  std::int64_t power = 0;
  std::string_view exponent = digits.substr(std::min(e + 1, digits.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  const bool is_negative = exponent.starts_with('-');
  if (std::from_chars(exponent.begin(), exponent.end(), power).ec == std::errc::result_out_of_range)
    power = is_negative ? std::numeric_limits<std::int64_t>::min() / 2 : std::numeric_limits<std::int64_t>::max() / 2;
  const std::string_view mantissa = digits.substr(0, e);
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<std::int64_t>(std::min(mantissa.find_first_not_of("0."), mantissa.size()));
  const double magnitude = point - first + power > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return source.starts_with('-') ? -magnitude : magnitude;
}

/// repr(float(source)).
std::string real_text(std::string_view source) {
  double value = 0;
  if (std::from_chars(source.begin(), source.end(), value).ec != std::errc()) value = beyond_range(source);
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  const double magnitude = std::abs(value);
  const bool is_scientific = magnitude >= least_scientific || (magnitude != 0 && magnitude < most_scientific);
  std::array<char, 32> buffer{};  // at most a sign, 17 digits, a point, and four zeros or an exponent
  const auto format = is_scientific ? std::chars_format::scientific : std::chars_format::fixed;
  char* const end = std::to_chars(buffer.begin(), buffer.end(), value, format).ptr;
  const std::string out(buffer.begin(), end);
  return is_scientific || out.contains('.') ? out : out + ".0";
}

char16_t unit_of(std::string_view hex) {
  std::uint16_t unit = 0;
  std::from_chars(hex.begin(), hex.end(), unit, 16);
  return unit;
}

/// What a checked text means, surrogates that stand alone as three bytes; `has_surrogate` is set if there are any.
std::string unescaped(std::string_view source, bool& has_surrogate) {
  std::string out;
  out.reserve(source.size());  // no escape is shorter than what it means, and secrets leave no copies behind
  while (!source.empty()) {
    const std::string_view plain = source.substr(0, source.find('\\'));
    out.append(plain);
    source.remove_prefix(plain.size());
    if (source.empty()) break;
    if (source[1] != 'u') {
      constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
      const std::size_t letter = letters.find(source[1]);
      out.push_back(letter == std::string_view::npos ? source[1] : meanings[letter]);
      source.remove_prefix(2);
      continue;
    }
    UChar32 point = unit_of(source.substr(2, 4));
    source.remove_prefix(6);
    if (U16_IS_LEAD(point) && source.starts_with("\\u") && U16_IS_TRAIL(unit_of(source.substr(2, 4)))) {
      point = U16_GET_SUPPLEMENTARY(point, unit_of(source.substr(2, 4)));
      source.remove_prefix(6);
    }
    has_surrogate = has_surrogate || U_IS_SURROGATE(point);
    std::array<char, U8_MAX_LENGTH> bytes{};
    std::size_t size = 0;
    U8_APPEND_UNSAFE(bytes.data(), size, point);
    out.append(bytes.data(), size);
  }
  return out;
}

JsonValue value_of(const Written& written) {
  JsonValue out{.kind = written.kind};
  if (written.kind == JsonKind::text) out.text = Secret<>(unescaped(written.source, out.has_surrogate));
  if (written.kind == JsonKind::boolean) out.text = Secret<>(written.source == "true" ? "True" : "False");
  if (written.kind == JsonKind::real) out.text = Secret<>(real_text(written.source));
  if (written.kind == JsonKind::integer)
    out.text = Secret<>(std::string(written.source == "-0" ? "0" : written.source));
  return out;
}
}  // namespace

std::string_view python_type(JsonKind kind) {
  constexpr std::array<std::string_view, 7> names{"NoneType", "bool", "int", "float", "str", "list", "dict"};
  return names[static_cast<std::size_t>(kind)];
}

const JsonValue* JsonDocument::member(std::string_view name) const {
  const auto last = std::find_if(members.rbegin(), members.rend(), [&](const auto& each) { return each.name == name; });
  return last == members.rend() ? nullptr : &last->value;
}

std::expected<JsonDocument, std::string> parse_python_json(std::string_view bytes) {
  const auto text = decoded(bytes);
  if (!text) return std::unexpected(text.error());
  JsonScanner scanner(*text);
  Written outermost;
  if (!scanner.document(outermost)) return std::unexpected(scanner.mistake());
  JsonDocument out{.value = value_of(outermost)};
  out.members.reserve(scanner.members().size());
  for (const auto& [name, value] : scanner.members()) {
    bool ignored = false;
    out.members.push_back({unescaped(name.source, ignored), value_of(value)});
  }
  return out;
}

}  // namespace propusk::drf
