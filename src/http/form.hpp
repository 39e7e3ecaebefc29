// Form: the fields of a request body, whatever it is written in: urlencoded, multipart/form-data or a JSON object.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"

namespace propusk::http {

/// Decoded fields in order of appearance.
class Form {
 public:
  /// The last value of that name, as Django's QueryDict gives it. A value that is not UTF-8 counts as absent.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return field(name).has_value(); }
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// The same from bytes of a charset ("" is UTF-8). What the charset does not know is kept so that it counts as
  /// absent.
  void add(std::string name, std::string value, const std::string& charset);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  ~Form();  ///< wipes the values: secrets are among them
  Form() = default;
  Form(Form&&) noexcept = default;
  Form& operator=(Form&&) noexcept = default;
  Form(const Form&) = delete;
  Form& operator=(const Form&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

enum class FormError : std::uint8_t {
  unsupported_media_type,  ///< none of the accepted ones
  malformed,               ///< multipart without a valid boundary, broken JSON, a JSON value that is no object
  too_many_fields,         ///< more than 1,000, Django's DATA_UPLOAD_MAX_NUMBER_FIELDS
};

/// Which writings a caller takes.
struct FormKinds {
  bool urlencoded = true;
  bool multipart = true;
  bool json = false;  ///< strings as they are, numbers as written; true, false, null and containers count as absent
};

/// Reads request.body by its Content-Type. An absent body or Content-Type is an empty form. Names and values are in the
/// charset that Content-Type names (else UTF-8); JSON is always UTF-8 (RFC 8259 §8.1). Never reads the query string.
std::expected<Form, FormError> read_form(const Request& request, FormKinds kinds = {});

/// The urlencoded decoder itself: '+' is a space, bad escapes stay as they are (as urllib does).
std::expected<Form, FormError> parse_urlencoded(std::string_view text, const std::string& charset = "");
/// As leniently as Django's parser: what stands before the first delimiter, parts without a name and files are skipped,
/// the closing delimiter may be missing. `boundary` without the leading dashes.
std::expected<Form, FormError> parse_multipart(std::string_view body, std::string_view boundary,
                                               const std::string& charset = "");
/// Depth at most 32 (Boost.JSON's default).
std::expected<Form, FormError> parse_json_object(std::string_view text);

}  // namespace propusk::http
