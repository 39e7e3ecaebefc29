// The order of the checks is that of the C scanner: it decides which mistake of several is told.
#include "dialects/drf/json_scanner.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace propusk::drf {
namespace {
constexpr std::size_t digit_limit = 4300;  // sys.int_info.default_max_str_digits

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
}  // namespace

bool JsonScanner::document(Written& out) {
  if (text_.starts_with("\xef\xbb\xbf")) return refuse("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
  skip_space();
  if (!value(out, 0)) return false;
  skip_space();
  return at_ == text_.size() || refuse("Extra data", at_);
}

void JsonScanner::skip_space() {
  while (at_ < text_.size() && std::string_view(" \t\n\r").contains(text_[at_])) ++at_;
}

void JsonScanner::skip_digits() {
  while (is_digit(peek())) ++at_;
}

bool JsonScanner::take(std::string_view word) {
  const bool is_here = text_.substr(at_).starts_with(word);
  if (is_here) at_ += word.size();
  return is_here;
}

bool JsonScanner::refuse(std::string_view words, std::size_t at) {
  const std::string_view before = text_.substr(0, at);
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  mistake_ = words;
  mistake_.append(": line ").append(std::to_string(std::ranges::count(before, '\n') + 1));
  mistake_.append(" column ").append(std::to_string(code_points(line) + 1));
  mistake_.append(" (char ").append(std::to_string(code_points(before))).append(")");
  return false;
}

bool JsonScanner::value(Written& out, std::size_t depth) {
  const char first = peek();
  if (first == '"') return string(out);
  if (first == '{' || first == '[') return container(out, depth);
  if (first == '-' || is_digit(first)) return number(out);
  return constant(out);
}

bool JsonScanner::constant(Written& out) {
  const std::size_t begin = at_;
  if (take("NaN") || take("Infinity") || take("-Infinity")) {
    mistake_ = "Out of range float values are not JSON compliant: '";
    mistake_.append(text_.substr(begin, at_ - begin)).append("'");
    return false;
  }
  out.kind = take("null") ? JsonKind::null : JsonKind::boolean;
  if (at_ == begin && !take("true") && !take("false")) return refuse("Expecting value", begin);
  out.source = text_.substr(begin, at_ - begin);
  return true;
}

bool JsonScanner::container(Written& out, std::size_t depth) {
  if (depth == json_depth_limit) return refuse("Nested deeper than 100 levels", at_);
  const bool is_object = peek() == '{';
  const char close = is_object ? '}' : ']';
  out.kind = is_object ? JsonKind::object : JsonKind::list;
  ++at_;
  skip_space();
  for (char next = peek(); next != close;) {
    Written key, held;
    if (is_object && !name(key)) return false;
    if (!value(held, depth + 1)) return false;
    if (is_object && depth == 0) members_.emplace_back(key, held);
    skip_space();
    next = peek();
    if (next == close) break;
    if (next != ',') return refuse("Expecting ',' delimiter", at_);
    ++at_;
    skip_space();
  }
  ++at_;
  return true;
}

bool JsonScanner::name(Written& out) {
  if (peek() != '"') return refuse("Expecting property name enclosed in double quotes", at_);
  if (!string(out)) return false;
  skip_space();
  if (peek() != ':') return refuse("Expecting ':' delimiter", at_);
  ++at_;
  skip_space();
  return true;
}

bool JsonScanner::string(Written& out) {
  const std::size_t begin = at_++;
  while (at_ < text_.size() && text_[at_] != '"') {
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < ' ') return refuse("Invalid control character at", at_);
    if (c == '\\' && at_ + 1 == text_.size()) break;
    if (c == '\\' && !escape()) return false;
    if (c != '\\') ++at_;
  }
  if (peek() != '"') return refuse("Unterminated string starting at", begin);
  out = {JsonKind::text, text_.substr(begin + 1, at_ - begin - 1)};
  ++at_;
  return true;
}

bool JsonScanner::escape() {
  if (peek(1) != 'u') {
    if (!std::string_view("\"\\/bfnrt").contains(peek(1))) return refuse("Invalid \\escape", at_);
    at_ += 2;
    return true;
  }
  // _json.c also wants one character more: an escape cannot end a document.
  const std::string_view digits = text_.substr(at_ + 2, 4);
  if (at_ + 6 >= text_.size() || !std::ranges::all_of(digits, is_hex)) return refuse("Invalid \\uXXXX escape", at_ + 1);
  at_ += 6;
  return true;
}

bool JsonScanner::number(Written& out) {
  const std::size_t begin = at_;
  if (peek() == '-') ++at_;
  const std::size_t first_digit = at_;
  if (peek() == '0')
    ++at_;
  else
    skip_digits();
  const std::size_t digits = at_ - first_digit;
  if (digits == 0) {
    at_ = begin;
    return constant(out);
  }
  const bool has_fraction = take_fraction(), has_exponent = take_exponent();
  out = {has_fraction || has_exponent ? JsonKind::real : JsonKind::integer, text_.substr(begin, at_ - begin)};
  if (out.kind == JsonKind::real || digits <= digit_limit) return true;
  mistake_ = "Exceeds the limit (4300 digits) for integer string conversion: value has " + std::to_string(digits) +
             " digits; use sys.set_int_max_str_digits() to increase the limit";
  return false;
}

bool JsonScanner::take_fraction() {
  if (peek() != '.' || !is_digit(peek(1))) return false;
  ++at_;
  skip_digits();
  return true;
}

bool JsonScanner::take_exponent() {
  const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
  if ((peek() != 'e' && peek() != 'E') || !is_digit(peek(sign))) return false;
  at_ += sign;
  skip_digits();
  return true;
}

}  // namespace propusk::drf
