// Answers as an operator reads them: tables and `name: value` lines.
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace propusk::cli {

/// One line per member, `name: value`.
std::string render_object(const boost::json::object& object);
/// A heading and one line per object, columns aligned. Only the named members are shown.
std::string render_table(const boost::json::array& objects, const std::vector<std::string_view>& columns);
/// The text with control characters (C0, C1, DEL) replaced by `?`: labels and addresses come from strangers, and a
/// terminal obeys escape sequences.
std::string printable(std::string_view utf8);

}  // namespace propusk::cli
