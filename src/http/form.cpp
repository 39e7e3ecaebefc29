// Content types to decoders, and the urlencoded decoder.
#include "http/form.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/text.hpp"
#include "http/ascii.hpp"
#include "http/form_limits.hpp"
#include "http/media_type.hpp"

namespace propusk::http {

std::optional<std::string_view> Form::field(std::string_view name) const {
  const auto last =
      std::find_if(fields_.rbegin(), fields_.rend(), [&](const auto& field) { return field.first == name; });
  if (last == fields_.rend() || !is_utf8(last->second)) return std::nullopt;
  return last->second;
}

void Form::add(std::string name, std::string value, const std::string& charset) {
  if (charset.empty()) return add(std::move(name), std::move(value));
  constexpr const char* unreadable = "\xff";  // a byte that UTF-8 never has
  add(to_utf8(name, charset).value_or(unreadable), to_utf8(value, charset).value_or(unreadable));
  OPENSSL_cleanse(value.data(), value.size());
}

Form::~Form() {
  for (auto& [name, value] : fields_) OPENSSL_cleanse(value.data(), value.size());
}

std::expected<Form, FormError> read_form(const Request& request, FormKinds kinds) {
  const MediaType type(request.header("Content-Type").value_or(""));
  const std::string charset = type.parameter("charset").value_or("");
  if (kinds.multipart && type.is("multipart/form-data"))
    return parse_multipart(request.body, type.parameter("boundary").value_or(""), charset);
  if (request.body.empty() || type.is("")) return Form();
  if (kinds.urlencoded && type.is("application/x-www-form-urlencoded")) return parse_urlencoded(request.body, charset);
  if (kinds.json && type.is("application/json")) return parse_json_object(request.body);
  return std::unexpected(FormError::unsupported_media_type);
}

namespace {
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (to_lower(c) >= 'a' && to_lower(c) <= 'f') return to_lower(c) - 'a' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}
}  // namespace

std::expected<Form, FormError> parse_urlencoded(std::string_view text, const std::string& charset) {
  if (static_cast<std::size_t>(std::ranges::count(text, '&')) >= form_field_limit)
    return std::unexpected(FormError::too_many_fields);
  Form form;
  while (!text.empty()) {
    std::string_view value = take_until(text, '&');
    if (value.empty()) continue;
    const std::string_view name = take_until(value, '=');
    form.add(decoded(name), decoded(value), charset);
  }
  return form;
}

}  // namespace propusk::http
