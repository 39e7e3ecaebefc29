// One walk over the bytes with a table of character classes.
#include "http/framing.hpp"

#include <array>
#include <cstring>
#include <limits>

#include "http/ascii.hpp"
#include "http/method.hpp"

namespace propusk::http {

namespace {
enum : std::uint8_t { token = 1, visible = 2, text = 4, host = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const char as_char = static_cast<char>(c);
    if (is_token_char(as_char)) classes[c] |= token;
    if (c > 0x20 && c < 0x7f) classes[c] |= visible;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) classes[c] |= text;
    // uri-host [":" port] of RFC 3986 without the comma, which would hide a list of two hosts
    if (c != 0 && c < 0x7f && (is_token_char(as_char) || std::string_view("()*;=:[]").contains(as_char)) &&
        !std::string_view("#^`|").contains(as_char)) {
      classes[c] |= host;
    }
  }
  return classes;
}
constexpr auto classes = make_classes();

const char* skip(const char* at, std::uint8_t wanted) {
  while (classes[static_cast<unsigned char>(*at)] & wanted) ++at;
  return at;
}

/// As skip(at, text), eight bytes at a time while none of them is a control character. Reads nothing from `end` on.
const char* skip_text(const char* at, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x80 * ones;
  for (std::uint64_t word; end - at >= 8; at += 8) {
    std::memcpy(&word, at, sizeof word);
    const std::uint64_t below_space = (word - 0x20 * ones) & ~word;  // high bits: bytes below 0x20
    const std::uint64_t not_delete = word ^ (0x7f * ones);
    const std::uint64_t is_delete = (not_delete - ones) & ~not_delete;
    if ((below_space | is_delete) & highs) break;  // a tab too: the table knows it
  }
  return skip(at, text);
}

bool is_all(std::string_view value, std::uint8_t wanted) {
  for (char c : value) {
    if (!(classes[static_cast<unsigned char>(c)] & wanted)) return false;
  }
  return true;
}

std::optional<std::uint64_t> length_of(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

/// The fields that decide where a request ends and whom it is for.
class Tally {
 public:
  explicit Tally(bool is_1_1) { framing_.is_1_1 = is_1_1; }

  /// 0, or the status to refuse with.
  int add(std::string_view name, std::string_view value) {
    switch (name.size()) {  // lengths first: nearly all names differ there
      case 4: return same_text(name, "Host") ? add_host(value) : 0;
      case 10:
        if (same_text(name, "Connection")) add_connection(value);
        return 0;
      case 14: return same_text(name, "Content-Length") ? add_length(value) : 0;
      case 17: return same_text(name, "Transfer-Encoding") ? add_coding(value) : 0;
      default: return 0;
    }
  }
  [[nodiscard]] std::expected<Framing, int> verdict() const {
    if (framing_.is_1_1 && !has_host_) return std::unexpected(400);
    if (framing_.is_chunked && framing_.content_length) return std::unexpected(400);
    Framing framing = framing_;
    framing.is_kept = !closes_ && (framing.is_1_1 || keeps_);
    return framing;
  }

 private:
  void add_connection(std::string_view list) {
    while (!list.empty()) {
      const std::string_view option = trimmed(take_until(list, ','));
      closes_ = closes_ || same_text(option, "close");
      keeps_ = keeps_ || same_text(option, "keep-alive");
    }
  }
  int add_host(std::string_view value) {
    if (has_host_ || value.empty() || !is_all(value, host)) return 400;
    has_host_ = true;
    return 0;
  }
  int add_length(std::string_view value) {
    if (framing_.content_length) return 400;
    framing_.content_length = length_of(value);
    return framing_.content_length ? 0 : 400;
  }
  int add_coding(std::string_view value) {
    if (framing_.is_chunked || !framing_.is_1_1) return 400;
    framing_.is_chunked = true;
    return same_text(value, "chunked") ? 0 : 501;
  }

  Framing framing_;
  bool has_host_ = false, closes_ = false, keeps_ = false;
};

struct RequestLine {
  const char* end = nullptr;  ///< behind its CRLF
  bool is_1_1 = false;
};

std::expected<RequestLine, int> check_request_line(const char* at, Request& request) {
  const char* const method_end = skip(at, token);
  if (method_end == at || *method_end != ' ') return std::unexpected(400);
  const char* const target_end = skip(method_end + 1, visible);
  if (target_end == method_end + 1 || *target_end != ' ') return std::unexpected(400);

  const std::string_view version(target_end + 1, skip(target_end + 1, visible));
  const char* const end = version.data() + version.size();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return std::unexpected(400);
  }
  if (end[0] != '\r' || end[1] != '\n') return std::unexpected(400);
  if (version[5] != '1' || version[7] > '1') return std::unexpected(505);
  request.method_text = {at, method_end};
  request.method = method_of(request.method_text);
  request.target = {method_end + 1, target_end};
  if (request.method == Method::other) return std::unexpected(501);
  return RequestLine{end + 2, version[7] == '1'};
}
}  // namespace

std::expected<Framing, int> check_framing(std::string_view block, Request& request) {
  request.headers.clear();
  if (!block.ends_with("\r\n\r\n")) return std::unexpected(400);  // every scan below ends at a CR at the latest
  const auto line = check_request_line(block.data(), request);
  if (!line) return std::unexpected(line.error());

  Tally tally(line->is_1_1);
  const char* const empty_line = block.data() + block.size() - 2;
  const char* at = line->end;
  for (std::size_t fields = 0; at < empty_line; ++fields) {
    if (fields == field_limit) return std::unexpected(431);
    const char* const name_end = skip(at, token);
    if (name_end == at || *name_end != ':') return std::unexpected(400);  // a folded line has an empty name
    const char* const value_end = skip_text(name_end + 1, empty_line);
    if (value_end[0] != '\r' || value_end[1] != '\n') return std::unexpected(400);
    const Header& field =
        request.headers.emplace_back(std::string_view{at, name_end}, trimmed({name_end + 1, value_end}));
    if (const int status = tally.add(field.name, field.value)) return std::unexpected(status);
    at = value_end + 2;
  }
  return tally.verdict();
}

bool is_hopeless(std::string_view part) {
  char before = '\0';
  for (char c : part) {
    const bool is_good = (classes[static_cast<unsigned char>(c)] & text) || c == '\r' || (c == '\n' && before == '\r');
    if (!is_good || (before == '\r' && c != '\n')) return true;
    before = c;
  }
  return false;
}

}  // namespace propusk::http
