// JsonScanner: what Modules/_json.c of CPython 3.11 accepts, where its values stand, and its words for mistakes.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/drf/python_json.hpp"

namespace propusk::drf {

/// A value as it stands in the document; a text without its quotes.
struct Written {
  JsonKind kind = JsonKind::null;
  std::string_view source;
};

/// Goes once through a document of well-formed UTF-8 (which outlives it), one level of the call stack per level of
/// nesting. The functions named after a thing begin at it, end behind it, and return false after a mistake; take_…()
/// goes behind what may be there.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  /// All of it, from the first byte to the last.
  bool document(Written& out);
  /// Of the outermost object: names (texts) and values.
  [[nodiscard]] const std::vector<std::pair<Written, Written>>& members() const { return members_; }
  /// Python's message; "" if there was none.
  [[nodiscard]] const std::string& mistake() const { return mistake_; }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip_space();
  void skip_digits();
  bool take(std::string_view word);
  bool refuse(std::string_view words, std::size_t at);
  bool value(Written& out, std::size_t depth);
  bool constant(Written& out);
  bool container(Written& out, std::size_t depth);
  bool name(Written& out);
  bool string(Written& out);
  bool escape();
  bool number(Written& out);
  bool take_fraction();
  bool take_exponent();

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::pair<Written, Written>> members_;
  std::string mistake_;
};

}  // namespace propusk::drf
