// Reads the TOML document with toml++ and flattens it.
#include "config/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include <toml++/toml.h>

namespace propusk::config {
namespace {

std::string place(const File& file, const toml::source_position& at) {
  return fmt::format("{}:{}:{}", file.name, at.line, at.column);
}

std::string_view form_name(Form form) {
  switch (form) {
    case Form::text: return "a text in quotes";
    case Form::number: return "a whole number without quotes";
    case Form::boolean: return "true or false without quotes";
    case Form::list: return "a list of texts in brackets";
  }
  return {};
}

/// The texts of a list, comma-separated; nothing if one is no text or holds the comma itself.
std::optional<std::string> list_text(const toml::array& list) {
  std::string text;
  for (const toml::node& node : list) {
    const auto item = node.value_exact<std::string>();
    if (!item || item->empty() || item->find(',') != item->npos) return std::nullopt;
    text += (text.empty() ? "" : ",") + *item;
  }
  return text;
}

/// The text that assign() takes; nothing if the node has another form.
std::optional<std::string> text_in_form(const toml::node& node, Form form) {
  switch (form) {
    case Form::text: return node.value_exact<std::string>();
    case Form::number:
      if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
      return std::nullopt;
    case Form::boolean:
      if (const auto boolean = node.value_exact<bool>()) return std::string(*boolean ? "true" : "false");
      return std::nullopt;
    case Form::list: return node.is_array() ? list_text(*node.as_array()) : std::nullopt;
  }
  return std::nullopt;
}

struct Walk {
  const File& file;
  std::vector<Written>& written;
  std::vector<Problem>& problems;

  void table(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string path = prefix + std::string(name.str());
      if (const Key* key = find_key(path))
        value(*key, node, name.source().begin);
      else if (is_section(path) && node.is_table())
        this->table(*node.as_table(), path + ".");
      else
        unknown(path, node, name.source().begin);
    }
  }

 private:
  static bool is_section(const std::string& path) {
    return std::ranges::any_of(keys(), [&](const Key& key) { return key.path.starts_with(path + "."); });
  }

  void value(const Key& key, const toml::node& node, const toml::source_position& at) {
    if (auto text = text_in_form(node, form_of(key)))
      written.push_back({&key, std::move(*text), place(file, at)});
    else
      problems.push_back(
          {place(file, at), std::string(key.path), "", fmt::format("write {}", form_name(form_of(key)))});
  }

  /// Names every value below a section that does not exist, because each may have another nearest key.
  void unknown(const std::string& path, const toml::node& node, const toml::source_position& at) {
    const toml::table* inner = node.as_table();
    if (inner == nullptr || inner->empty()) {
      const Key& nearest = nearest_key(path);
      problems.push_back(unknown_key(place(file, at), path, nearest, nearest.path));
      return;
    }
    for (const auto& [name, child] : *inner) unknown(path + "." + std::string(name.str()), child, name.source().begin);
  }
};

}  // namespace

Problem unknown_key(std::string where, std::string written, const Key& nearest, std::string_view nearest_spelled) {
  return {std::move(where), std::move(written), "",
          fmt::format("there is no such key; did you mean {} ({})?", nearest_spelled, describe_type(nearest))};
}

std::vector<Written> read_toml(const File& file, std::vector<Problem>& problems) {
  std::vector<Written> written;
  try {
    const toml::table document = toml::parse(file.text, file.name);
    Walk{file, written, problems}.table(document, "");
  } catch (const toml::parse_error& error) {
    problems.push_back({place(file, error.source().begin), "", "", std::string(error.description())});
  }
  return written;
}

}  // namespace propusk::config
