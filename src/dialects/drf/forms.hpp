// Forms: the reading of a request's fields, and what is said of mistakes in them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/drf/fields.hpp"
#include "dialects/drf/wire.hpp"

namespace propusk::drf {

/// The fields of a serializer, in its order.
using Rules = std::vector<FieldRule>;

/// A checked request.
struct Form {
  Body body;
  Values values;
  Errors errors;

  [[nodiscard]] std::string text(std::string_view field) const { return std::string(values.get(field).value_or("")); }
  [[nodiscard]] Secret<> secret(std::string_view field) const { return Secret<>(text(field)); }
  /// As it was sent, not trimmed; "" for what is no text: djoser takes the parts of a link from there.
  [[nodiscard]] std::string raw(std::string_view field) const;
};
/// With its mistakes; nothing if it cannot be read (400 or 415, written).
std::optional<Form> read_form(const Visit& visit, const Rules& rules, bool is_partial = false);
/// Without mistakes; nothing if it has some (400, written) or cannot be read.
std::optional<Form> read_good_form(const Visit& visit, const Rules& rules, bool is_partial = false);

void send_errors(const Visit& visit, const Errors& errors);
/// `{"field":["sentence"]}`
void send_field_error(const Visit& visit, std::string_view field, std::string sentence);

}  // namespace propusk::drf
