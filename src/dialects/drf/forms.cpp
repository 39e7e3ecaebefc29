// What was sent, checked field by field as the serializers do.
#include "dialects/drf/forms.hpp"

namespace propusk::drf {

std::string Form::raw(std::string_view field) const {
  const JsonValue* value = body.field(field);
  const bool has_text = value && (value->kind == JsonKind::text || value->kind == JsonKind::integer);
  return has_text ? value->text.reveal() : "";
}

std::optional<Form> read_form(const Visit& visit, const Rules& rules, bool is_partial) {
  std::expected<Body, BodyProblem> body = Body::read(visit.request, visit.language);
  if (!body) {
    send_json(visit, body.error().status, detail_of(body.error().detail));
    return std::nullopt;
  }
  Validated checked = validate(*body, rules, visit.language, is_partial);
  if (body->kind() == JsonKind::object)
    return Form{.body = std::move(*body), .values = std::move(checked.values), .errors = std::move(checked.errors)};
  send_errors(visit, checked.errors);
  return std::nullopt;
}

std::optional<Form> read_good_form(const Visit& visit, const Rules& rules, bool is_partial) {
  std::optional<Form> form = read_form(visit, rules, is_partial);
  if (!form || form->errors.empty()) return form;
  send_errors(visit, form->errors);
  return std::nullopt;
}

void send_errors(const Visit& visit, const Errors& errors) { send_json(visit, 400, errors.to_json()); }

void send_field_error(const Visit& visit, std::string_view field, std::string sentence) {
  Errors errors;
  errors.add(field, std::move(sentence));
  send_errors(visit, errors);
}

}  // namespace propusk::drf
