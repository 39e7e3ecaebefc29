// Picks the parser as DRF does, and puts its failures into DRF's words (none of these is translated, but for 415).
#include "dialects/drf/body.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "dialects/drf/texts.hpp"
#include "http/ascii.hpp"
#include "http/form.hpp"
#include "http/media_type.hpp"

namespace propusk::drf {
namespace {
constexpr std::string_view multipart = "multipart/form-data";

/// rest_framework.utils.mediatypes.media_type_matches() for a `wanted` without parameters.
bool matches(std::string_view type, std::string_view wanted) {
  const auto is_like = [](std::string_view half, std::string_view other) {
    return half == "*" || http::same_text(half, other);
  };
  const std::string_view main = http::take_until(type, '/'), wanted_main = http::take_until(wanted, '/');
  return is_like(main, wanted_main) && is_like(type, wanted);
}

std::string_view content_type(const http::Request& request) { return request.header("Content-Type").value_or(""); }

/// A header value as WSGI hands it over: every byte a character.
std::string as_latin1(std::string_view bytes) { return to_utf8(bytes, "iso-8859-1").value_or(""); }

std::unexpected<BodyProblem> bad_request(std::string detail) {
  return std::unexpected(BodyProblem{400, std::move(detail)});
}
std::unexpected<BodyProblem> bad_json(std::string_view problem) {
  return bad_request(say(Sentence::json_malformed, Language::en, {{"problem", problem}}));
}
std::unexpected<BodyProblem> bad_multipart(Sentence problem, Hole hole) {
  const std::string words = say(problem, Language::en, {hole});
  return bad_request(say(Sentence::multipart_malformed, Language::en, {{"problem", words}}));
}
std::unexpected<BodyProblem> too_many_fields() { return bad_request(say(Sentence::too_many_fields, Language::en)); }

/// The charset parameter; "" for UTF-8, and for a charset that nobody knows: Django ignores it, to_utf8() takes it for
/// UTF-8.
std::string charset_of(std::string_view type) {
  const std::string charset = http::MediaType(type).parameter("charset").value_or("");
  return charset.empty() || to_utf8("é", charset) == "é" ? "" : charset;
}
}  // namespace

std::expected<Body, BodyProblem> Body::read(const http::Request& request, Language language) {
  if (request.body.empty()) return Body();
  const std::string_view written = content_type(request);
  std::string_view rest = written;
  const std::string_view type = http::trimmed(http::take_until(rest, ';'));
  const std::string charset = charset_of(written);
  if (matches(type, "application/json")) return from_json(request, charset);
  if (matches(type, "application/x-www-form-urlencoded")) return from_form(request, charset);
  if (matches(type, multipart)) return from_multipart(request, charset);
  const std::string shown = as_latin1(written);
  return std::unexpected(BodyProblem{415, say(Sentence::unsupported_media_type, language, {{"media_type", shown}})});
}

std::expected<Body, BodyProblem> Body::from_json(const http::Request& request, const std::string& charset) {
  std::optional<std::string> text(request.body);
  if (!charset.empty()) text = to_utf8(request.body, charset);
  if (!text) return bad_json("'" + charset + "' codec can't decode the body");
  const Secret<> wiped(std::move(*text));
  auto document = parse_python_json(wiped.reveal());
  if (!document) return bad_json(document.error());
  Body body;
  body.data_ = std::move(*document);
  return body;
}

std::expected<Body, BodyProblem> Body::from_form(const http::Request& request, const std::string& charset) {
  // QueryDict: raw bytes that are not the charset's are Latin-1, and then UTF-8 to the percent decoder.
  const bool is_raw = charset.empty() && !is_utf8(request.body);
  const auto form =
      is_raw ? http::parse_urlencoded(as_latin1(request.body)) : http::parse_urlencoded(request.body, charset);
  if (!form) return too_many_fields();
  return of_fields(*form);
}

std::expected<Body, BodyProblem> Body::from_multipart(const http::Request& request, const std::string& charset) {
  const std::string_view type = content_type(request);
  if (!type.starts_with("multipart/"))  // Django's own comparison has case
    return bad_multipart(Sentence::multipart_not_its_type, {"content_type", as_latin1(type)});
  if (std::ranges::any_of(type, [](char c) { return static_cast<unsigned char>(c) > 127; }))
    return bad_multipart(Sentence::multipart_not_ascii, {"content_type", as_latin1(type)});
  const std::optional<std::string> boundary = http::MediaType(type).parameter("boundary");
  const auto form = http::parse_multipart(request.body, boundary.value_or(""), charset);
  if (form) return of_fields(*form);
  if (form.error() == http::FormError::too_many_fields) return too_many_fields();
  return bad_multipart(Sentence::multipart_boundary, {"boundary", boundary.value_or("None")});
}

Body Body::of_fields(const http::Form& form) {
  Body body;
  body.is_form_ = true;
  body.data_.members.reserve(form.fields().size());
  for (const auto& [name, value] : form.fields())
    body.data_.members.push_back({repaired(name), {.kind = JsonKind::text, .text = Secret<>(repaired(value))}});
  return body;
}

}  // namespace propusk::drf
