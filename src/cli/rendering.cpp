// Plain text without colours, so NO_COLOR has nothing to turn off.
#include "cli/rendering.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"

namespace propusk::cli {
namespace {

std::string cell(const boost::json::object& object, std::string_view member) {
  const auto* value = object.if_contains(member);
  if (value == nullptr || value->is_null()) return "-";
  if (!value->is_string()) return boost::json::serialize(*value);
  return value->get_string().empty() ? "-" : printable(value->get_string());
}

void append_padded(std::string& line, const std::string& text, std::size_t width) {
  line += text;
  line.append(width - std::min(code_points(text), width) + 2, ' ');
}

}  // namespace

std::string printable(std::string_view utf8) {
  std::string shown;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    // U+0080 to U+009F are C2 80 to C2 9F.
    const bool is_c1 = byte == 0xc2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xa0;
    if (is_c1) ++i;
    shown += is_c1 || byte < 0x20 || byte == 0x7f ? '?' : utf8[i];
  }
  return shown;
}

std::string render_object(const boost::json::object& object) {
  std::string text;
  for (const auto& member : object) text += std::string(member.key()) + ": " + cell(object, member.key()) + "\n";
  return text;
}

std::string render_table(const boost::json::array& objects, const std::vector<std::string_view>& columns) {
  std::vector<std::vector<std::string>> rows{{columns.begin(), columns.end()}};
  for (const auto& object : objects) {
    auto& row = rows.emplace_back();
    for (const auto column : columns) row.push_back(cell(object.as_object(), column));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], code_points(row[i]));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) append_padded(line, row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace propusk::cli
