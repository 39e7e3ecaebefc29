// Fields as the serializers of DRF check them: rules in, validated values and the object of errors out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/language.hpp"
#include "base/secret.hpp"
#include "dialects/drf/body.hpp"

namespace propusk::drf {

/// A JSON string as DRF's JSONRenderer writes it: UTF-8 as it is, but for `"`, `\`, control characters, U+2028 and
/// U+2029. What is not UTF-8 is written as U+FFFD (the original answers 500).
std::string json_text(std::string_view utf8);
void append_json_text(std::string& out, std::string_view utf8);

/// What a field holds, and with it what is checked beyond DRF's CharField.
enum class FieldType : std::uint8_t {
  text,      ///< serializers.CharField
  email,     ///< serializers.EmailField
  username,  ///< CharField of a model field with Django's UnicodeUsernameValidator
};

/// One field of a serializer. It trims its value, and takes no null.
struct FieldRule {
  std::string_view name;
  FieldType type = FieldType::text;
  bool is_required = true;
  bool may_be_blank = false;
  std::size_t max_length = 0;  ///< in code points; 0 is no limit
};

/// serializer.errors: the fields that have any in the order of the serializer, whatever the order of adding; then
/// non_field_errors.
class Errors {
 public:
  explicit Errors(std::span<const FieldRule> fields = {});

  /// One sentence more. A field that the serializer does not have comes behind those that it has.
  void add(std::string_view field, std::string sentence);
  void add_to_all(std::string sentence) { whole_.push_back(std::move(sentence)); }  ///< non_field_errors

  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool has(std::string_view field) const;
  /// {"field":["sentence",…],…}
  [[nodiscard]] std::string to_json() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> fields_;
  std::vector<std::string> whole_;
};

/// serializer.validated_data: what was sent for the fields and is without error, trimmed.
class Values {
 public:
  /// Nothing for a field that was not sent (or has an error); "" for one that may be blank and is.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view field) const;
  void add(std::string_view field, std::string value) { values_.emplace_back(field, std::move(value)); }

 private:
  std::vector<std::pair<std::string, Secret<>>> values_;
};

/// What a serializer says of a body. With errors nothing may be done; the values are there because DRF also asks for
/// uniqueness (UniqueValidator, before the other validators of the field) when another field is wrong.
struct Validated {
  Values values;
  Errors errors;
};

/// Serializer.run_validation() without validate(): every field by its rule, in order. A body that is no object has one
/// error of all. `is_partial` is PATCH: no field is required.
Validated validate(const Body& body, std::span<const FieldRule> rules, Language language, bool is_partial = false);

}  // namespace propusk::drf
