// By Boost.JSON's event parser: a parsed value no longer knows that a member came twice.
#include "platform/jose/compact_jws.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/encoding.hpp"
#include "platform/jose/any_value.hpp"

namespace propusk::platform {
namespace {
namespace json = boost::json;
using Error = json::error_code;

constexpr std::array<std::string_view, 4> key_members{"jwk", "jku", "x5c", "x5u"};  // RFC 7515 §4.1

/// The names and texts of a header's own members.
struct Header : AnyValue {
  static constexpr std::size_t max_object_size = 16;  // RFC 7515 §4.1 registers eleven

  std::vector<std::string> names;
  std::optional<std::string> kid;
  std::string algorithm, name, text;
  bool has_duplicates = false;

  bool on_key_part(json::string_view part, std::size_t, Error&) {
    if (depth == 1) name.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t size, Error& error) {
    on_key_part(part, size, error);
    if (depth != 1) return true;
    has_duplicates = has_duplicates || has(name);
    names.push_back(std::move(name));
    name.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, Error&) {
    if (depth == 1) text.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t size, Error& error) {
    on_string_part(part, size, error);
    if (depth == 1 && is_object && names.back() == "kid") kid = text;
    if (depth == 1 && is_object && names.back() == "alg") algorithm = text;
    text.clear();
    return true;
  }
  [[nodiscard]] bool has(std::string_view wanted) const { return std::ranges::find(names, wanted) != names.end(); }
};

/// from_base64url() lets stray bits after the last byte pass.
std::optional<std::string> bytes_of(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes || bytes->empty()) return std::nullopt;
  const auto last = std::span(*bytes).last(bytes->size() % 3);
  if (!part.ends_with(to_base64url(last))) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

bool read_header(std::string_view text, CompactJws& jws) {
  json::parse_options options;
  options.max_depth = 8;  // ours has 1; what others nest is not looked at
  json::basic_parser<Header> parser(options);
  if (!reads_object(parser, text)) return false;
  Header& header = parser.handler();
  if (header.has_duplicates || header.has("crit") || header.algorithm.empty()) return false;
  if (header.has("kid") && header.kid.value_or("").empty()) return false;
  jws.kid = header.kid.value_or("");
  jws.algorithm = std::move(header.algorithm);
  jws.brings_key = std::ranges::any_of(key_members, [&header](std::string_view name) { return header.has(name); });
  return true;
}
}  // namespace

std::optional<CompactJws> read_compact_jws(std::string_view token) {
  if (token.size() > token_limit) return std::nullopt;
  const std::size_t first = token.find('.'), last = token.rfind('.');
  if (first == last) return std::nullopt;  // a third dot is in the middle part, and no digit of base64url
  const auto header = bytes_of(token.substr(0, first));
  auto payload = bytes_of(token.substr(first + 1, last - first - 1));
  auto signature = bytes_of(token.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  CompactJws jws{.signing_input = token.substr(0, last),
                 .kid = {},
                 .algorithm = {},
                 .payload = std::move(*payload),
                 .signature = std::move(*signature)};
  if (!read_header(*header, jws)) return std::nullopt;
  return jws;
}

bool is_json_object(std::string_view text) {
  json::basic_parser<AnyValue> parser{json::parse_options()};
  return reads_object(parser, text);
}

}  // namespace propusk::platform
