// MediaType: a Content-Type or Content-Disposition value, its main word and its parameters (RFC 9110 §5.6.6, §8.3).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/ascii.hpp"

namespace propusk::http {

/// A view of a header value; the header outlives it.
class MediaType {
 public:
  explicit MediaType(std::string_view value) : parameters_(value) { name_ = trimmed(take_until(parameters_, ';')); }
  [[nodiscard]] bool is(std::string_view name) const { return same_text(name_, name); }
  /// The first parameter of that name, unquoted. Nothing if it is absent or the parameters before it are malformed.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;

 private:
  std::string_view name_, parameters_;
};

}  // namespace propusk::http
