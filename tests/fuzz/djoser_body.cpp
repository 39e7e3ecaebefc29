// Fuzzes bodies of the dialects of Django REST framework and the checks of their fields: the first byte picks the
// Content-Type and how; every field has a value or an error, and the answer is JSON.
#include <array>
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "dialects/drf/fields.hpp"

namespace {
using namespace propusk;
using drf::FieldRule;
using drf::FieldType;

constexpr std::array types{"application/json",
                           "application/x-www-form-urlencoded",
                           "multipart/form-data; boundary=b",
                           "application/json; charset=windows-1251",
                           "application/x-www-form-urlencoded; charset=koi8-r",
                           "multipart/form-data",
                           "text/plain"};
constexpr std::array rules{
    FieldRule{.name = "email", .type = FieldType::email, .max_length = 254},
    FieldRule{.name = "username", .type = FieldType::username, .max_length = 150},
    FieldRule{.name = "p"},
    FieldRule{.name = "note", .is_required = false, .may_be_blank = true, .max_length = 3},
    FieldRule{.name = "nick", .is_required = false},
};

void check_value(const FieldRule& rule, std::string_view value) {
  require(is_utf8(value) && !value.contains('\0'), "a value is text without NUL");
  require(stripped(value) == value, "a value is trimmed");
  require(rule.may_be_blank || !value.empty(), "a value is not blank");
  require(rule.max_length == 0 || code_points(value) <= rule.max_length, "a value is not too long");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const bool is_partial = bytes[0] / types.size() % 2 == 1;
  http::Request request;
  request.headers = {{"Content-Type", types[bytes[0] % types.size()]}};
  request.body = {reinterpret_cast<const char*>(bytes) + 1, size - 1};
  const Language language = bytes[0] > 127 ? Language::ru : Language::en;

  const auto body = drf::Body::read(request, language);
  if (!body) {
    require(body.error().status == 400 || body.error().status == 415, "a body that cannot be read is the client's");
    require(boost::json::parse(drf::json_text(body.error().detail)).is_string(), "the problem is a JSON string");
    return 0;
  }
  const drf::Validated validated = drf::validate(*body, rules, language, is_partial);
  const boost::json::value errors = boost::json::parse(validated.errors.to_json());
  require(errors.as_object().empty() == validated.errors.empty(), "the errors are written");
  if (body->kind() != drf::JsonKind::object) return 0;
  for (const FieldRule& rule : rules) {
    const auto value = validated.values.get(rule.name);
    require(!value || !validated.errors.has(rule.name), "a field has no value beside an error");
    require(value || validated.errors.has(rule.name) || is_partial || !rule.is_required, "a field is not forgotten");
    if (value) check_value(rule, *value);
  }
  return 0;
}
