// Body: request.data of DRF: one look at what was sent, be it JSON, an urlencoded or a multipart form.
#pragma once
#include <expected>
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "dialects/drf/python_json.hpp"
#include "http/form.hpp"
#include "http/request.hpp"

namespace propusk::drf {

/// Why a body cannot be read: the answer is `status` (400 or 415) with {"detail": `detail`}.
struct BodyProblem {
  int status;
  std::string detail;
};

class Body {
 public:
  /// Reads request.body by its Content-Type, as Request._parse with the parsers that DRF has by default. No body is
  /// empty data, whatever the Content-Type. Media types match as DRF compares them: without case, `*` for anything.
  /// A charset parameter holds for JSON too. Of forms: what is not text in the charset becomes U+FFFD; files are not
  /// fields.
  static std::expected<Body, BodyProblem> read(const http::Request& request, Language language = Language::en);

  /// Empty data.
  Body() { data_.value.kind = JsonKind::object; }

  /// Came as an HTML form. Field.get_value() takes '' for an absent field there.
  [[nodiscard]] bool is_form() const { return is_form_; }
  /// JSON may be anything; a form is an object.
  [[nodiscard]] JsonKind kind() const { return data_.value.kind; }
  /// What was sent under that name; nullptr if nothing was, or the body is no object. Of several the last counts.
  [[nodiscard]] const JsonValue* field(std::string_view name) const { return data_.member(name); }

 private:
  static std::expected<Body, BodyProblem> from_json(const http::Request& request, const std::string& charset);
  static std::expected<Body, BodyProblem> from_form(const http::Request& request, const std::string& charset);
  static std::expected<Body, BodyProblem> from_multipart(const http::Request& request, const std::string& charset);
  static Body of_fields(const http::Form& form);

  JsonDocument data_;
  bool is_form_ = false;
};

}  // namespace propusk::drf
