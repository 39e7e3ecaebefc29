// Unicode by ICU's converters and normalizers and libidn2; ill-formed UTF-8 never reaches them, because they would
// repair it silently.
#include "base/text.hpp"

#include <idn2.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
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

std::optional<std::string> nfc(std::string_view utf8) { return normalized(utf8, &icu::Normalizer2::getNFCInstance); }

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
