// Unicode by ICU's converters and normalizers and libidn2; ill-formed UTF-8 never reaches them, because they would
// repair it silently.
#include "base/text.hpp"

#include <idn2.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/outage.hpp"

namespace propusk {
namespace {
constexpr std::size_t domain_limit = 253;  // RFC 1035 §2.3.4 as text: 255 octets less the length byte and the root

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// U+001C to U+001F separate files, groups, records and units: white space to Python, not to Unicode.
bool is_white_space(UChar32 point) { return u_isUWhiteSpace(point) || (point >= 0x1c && point <= 0x1f); }

using Instance = const icu::Normalizer2* (*)(UErrorCode&);

std::optional<std::string> normalized(std::string_view utf8, Instance instance) {
  if (!is_utf8(utf8)) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink sink(&out, static_cast<int32_t>(utf8.size()));
  if (const auto* normalizer = instance(status); U_SUCCESS(status))
    normalizer->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr,
                              status);
  if (U_FAILURE(status)) throw Outage("icu", u_errorName(status));
  return out;
}

/// Letters, digits, hyphens and dots (STD 3). Not asked of libidn2: its IDN2_USE_STD3_ASCII_RULES drops what it should
/// refuse, so that `exa mple.com` would become the domain of somebody else.
bool is_host_character(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.';
}

std::optional<std::string> canonical_domain(std::string_view utf8) {
  if (!std::ranges::all_of(utf8, [](char byte) { return is_host_character(byte) || !U8_IS_SINGLE(byte); }))
    return std::nullopt;
  char* converted = nullptr;
  const std::string terminated(utf8);
  const int code = idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const std::unique_ptr<char, decltype(&idn2_free)> owner(converted, [](void* text) { idn2_free(text); });
  if (code != IDN2_OK) return std::nullopt;
  std::string out(converted);
  if (out.ends_with('.')) out.pop_back();
  const bool empty_label = out.empty() || out.starts_with('.') || out.ends_with('.') || out.contains("..");
  if (empty_label || out.size() > domain_limit || !std::ranges::all_of(out, is_host_character)) return std::nullopt;
  return out;
}
}  // namespace

bool is_utf8(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int32_t>::max()))
    return false;  // ICU counts in int32_t
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 point = 0;
    U8_NEXT(bytes, at, size, point);
    if (point < 0) return false;
  }
  return true;
}

std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  // "" would be the charset of the machine.
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(
      charset.empty() ? nullptr : ucnv_open(charset.c_str(), &status), &ucnv_close);
  if (!converter || ucnv_getType(converter.get()) == UCNV_UTF8)
    return is_utf8(bytes) ? std::optional(std::string(bytes)) : std::nullopt;
  status = U_ZERO_ERROR;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const icu::UnicodeString text(bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(), status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string out;
  text.toUTF8String(out);
  return out;
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char byte) { return !U8_IS_TRAIL(byte); }));
}

std::u32string to_code_points(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    UChar32 point = 0;
    U8_NEXT_OR_FFFD(utf8.data(), at, utf8.size(), point);
    out.push_back(static_cast<char32_t>(point));
  }
  return out;
}

std::string repaired(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t begin = at;
    UChar32 point = 0;
    U8_NEXT(bytes.data(), at, bytes.size(), point);
    out.append(point < 0 ? replacement : bytes.substr(begin, at - begin));
  }
  return out;
}

std::string_view stripped(std::string_view utf8) {
  std::size_t begin = utf8.size(), end = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t here = at;
    UChar32 point = 0;
    U8_NEXT(utf8.data(), at, utf8.size(), point);
    if (is_white_space(point)) continue;
    begin = std::min(begin, here);
    end = at;
  }
  return end > 0 ? utf8.substr(begin, end - begin) : std::string_view();
}

std::string filtered(std::string_view utf8, bool (*keeps)(char32_t), std::size_t limit) {
  std::string out;
  const auto size = static_cast<int32_t>(utf8.size());
  for (int32_t at = 0; at < size && limit > 0;) {
    const int32_t begin = at;
    UChar32 point = 0;
    U8_NEXT(utf8.data(), at, size, point);
    if (point < 0 || !keeps(static_cast<char32_t>(point))) continue;
    out.append(utf8.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
    --limit;
  }
  return out;
}

std::string lower_case(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink sink(&out, static_cast<int32_t>(utf8.size()));
  icu::CaseMap::utf8ToLower("", 0, icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())), sink, nullptr,
                            status);
  if (U_FAILURE(status)) throw Outage("icu", u_errorName(status));
  return out;
}

bool is_graphic(char32_t point) {
  constexpr char32_t blank_braille = 0x2800;  // a symbol to Unicode, nothing to the eye
  const auto known = static_cast<UChar32>(point);
  return u_isgraph(known) != 0 && u_hasBinaryProperty(known, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0 &&
         point != blank_braille;
}

bool is_word(char32_t point) {
  const auto c = static_cast<UChar32>(point);
  return c == '_' || u_isalpha(c) || u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE) != U_NT_NONE;
}

bool is_all_digits(std::string_view utf8) {
  const auto is_digit = [](char32_t point) {
    const int type = u_getIntPropertyValue(static_cast<UChar32>(point), UCHAR_NUMERIC_TYPE);
    return type == U_NT_DECIMAL || type == U_NT_DIGIT;
  };
  return !utf8.empty() && std::ranges::all_of(to_code_points(utf8), is_digit);
}

std::optional<std::string> nfc(std::string_view utf8) { return normalized(utf8, &icu::Normalizer2::getNFCInstance); }

std::optional<std::string> nfkc(std::string_view utf8) { return normalized(utf8, &icu::Normalizer2::getNFKCInstance); }

std::optional<std::string> canonical_name(std::string_view utf8) {
  auto out = normalized(utf8, &icu::Normalizer2::getNFKCCasefoldInstance);
  return out && !out->empty() ? std::move(out) : std::nullopt;
}

std::optional<std::string> canonical_email(std::string_view utf8) {
  const std::size_t at = utf8.rfind('@');
  if (at == std::string_view::npos || !is_utf8(utf8)) return std::nullopt;
  const auto local = canonical_name(utf8.substr(0, at));
  const auto domain = canonical_domain(utf8.substr(at + 1));
  if (!local || !domain) return std::nullopt;
  return *local + '@' + *domain;
}

}  // namespace propusk
