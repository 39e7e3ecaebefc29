// A JSON object as a form, by Boost.JSON's event parser: only the events give numbers as they were written.
#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>

#include "http/form.hpp"
#include "http/form_limits.hpp"

namespace propusk::http {

namespace {
namespace json = boost::json;
using Error = json::error_code;

/// Keeps strings and numbers of the outermost object; later members replace earlier ones of the same name.
struct Members {
  static constexpr std::size_t max_object_size = form_field_limit;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::pair<std::string, std::string>> kept;
  std::string key, text;
  int depth = 0;
  bool is_object = false;

  bool keep() {
    if (depth == 1 && is_object) kept.emplace_back(std::move(key), std::move(text));
    return forget();
  }
  bool drop() {
    if (depth == 1 && is_object) std::erase_if(kept, [this](const auto& member) { return member.first == key; });
    return forget();
  }
  bool forget() {
    if (depth == 1) key.clear();
    text.clear();
    return true;
  }
  bool number(json::string_view last) {
    text.append(last.data(), last.size());
    return keep();
  }
  bool open() {
    drop();
    ++depth;
    return true;
  }
  bool close() {
    --depth;
    return true;
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    if (depth == 0) is_object = true;
    return open();
  }
  bool on_object_end(std::size_t, Error&) { return close(); }
  bool on_array_begin(Error&) { return open(); }
  bool on_array_end(std::size_t, Error&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, Error&) {
    if (depth == 1) key.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t size, Error& error) { return on_key_part(part, size, error); }
  bool on_string_part(json::string_view part, std::size_t, Error&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t size, Error& error) {
    return on_string_part(part, size, error) && keep();
  }
  bool on_number_part(json::string_view part, Error&) {
    text.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t, json::string_view last, Error&) { return number(last); }
  bool on_uint64(std::uint64_t, json::string_view last, Error&) { return number(last); }
  bool on_double(double, json::string_view last, Error&) { return number(last); }
  bool on_bool(bool, Error&) { return drop(); }
  bool on_null(Error&) { return drop(); }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }
};
}  // namespace

std::expected<Form, FormError> parse_json_object(std::string_view text) {
  json::basic_parser<Members> parser{json::parse_options()};
  Error error;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  if (error == json::error::object_too_large) return std::unexpected(FormError::too_many_fields);
  const bool has_rest = taken < text.size();
  if (error || has_rest || !parser.handler().is_object) return std::unexpected(FormError::malformed);
  Form form;
  for (auto& [name, value] : parser.handler().kept) form.add(std::move(name), std::move(value));
  return form;
}

}  // namespace propusk::http
