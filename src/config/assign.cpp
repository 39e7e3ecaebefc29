// From text to a typed setting and back, one overload per type of slot.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "base/result.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"

namespace propusk::config {
namespace {

using Assigned = std::expected<void, std::string>;

Assigned within(const Key& key, std::int64_t value) {
  if (value < key.least || value > key.most) return std::unexpected("write " + describe_type(key));
  return {};
}

std::vector<std::string_view> choices_of(const Key& key) {
  std::vector<std::string_view> all;
  for (std::string_view rest = key.choices; !rest.empty();) {
    const auto bar = std::min(rest.find('|'), rest.size());
    all.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return all;
}

/// The place of `text` among the choices.
Parsed<std::size_t> choice(const Key& key, std::string_view text) {
  const auto all = choices_of(key);
  const auto found = std::ranges::find(all, text);
  if (found == all.end()) return std::unexpected("write " + describe_type(key));
  return static_cast<std::size_t>(found - all.begin());
}

bool is_host_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

bool is_path_character(char c) {
  return is_host_character(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' || c == '~';
}

/// Where a mailed link points: below our own origin, or a page of somebody else's.
Assigned check_link(std::string_view text) {
  const auto scheme = text.find("://");
  const bool is_elsewhere = scheme != text.npos;
  if (is_elsewhere && !text.starts_with("https://") && !text.starts_with("http://"))
    return std::unexpected("write a path below the origin, or a URL that begins with https://");
  if (text.find("{uid}") == text.npos || text.find("{token}") == text.npos)
    return std::unexpected("write where the parts of a link go: {uid} and {token}");
  if (!is_elsewhere && !std::ranges::all_of(text, [](char c) { return is_path_character(c) || c == '{' || c == '}'; }))
    return std::unexpected("write a path such as auth/activate/{uid}/{token}");
  return {};
}

bool is_visible(char c) { return c > ' ' && c <= '~'; }

/// An address that is asked over TLS: a host, a path, no user, no fragment.
Assigned check_https_url(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  const bool is_sound = text.starts_with(scheme) && text.size() > scheme.size() && text[scheme.size()] != '/' &&
                        std::ranges::all_of(text, is_visible) && text.find_first_of("@#\\") == text.npos;
  if (!is_sound) return std::unexpected("write a URL that begins with https://, such as https://id.example.org/token");
  return {};
}

Assigned check_shape(Shape shape, std::string_view text) {
  if (text.empty()) return {};
  switch (shape) {
    case Shape::any: return {};
    case Shape::origin: return check_origin(text);
    case Shape::host_name:
      if (text.front() != '.' && text.back() != '.' && std::ranges::all_of(text, is_host_character)) return {};
      return std::unexpected("write a host name in lower case, such as example.org");
    case Shape::url:
      if (text.find(':') != text.npos) return {};
      return std::unexpected("write a URL that begins with its scheme");
    case Shape::path:
      if (text.front() == '/' && text.back() != '/' && std::ranges::all_of(text, is_path_character)) return {};
      return std::unexpected("write a path such as /api/v1/auth, with a slash in front and none behind");
    case Shape::link: return check_link(text);
    case Shape::https_url: return check_https_url(text);
    case Shape::word:
      if (std::ranges::all_of(text, is_visible)) return {};
      return std::unexpected("leave out spaces and what is not ASCII");
  }
  return {};
}

struct Assign {
  const Key& key;
  std::string_view text;

  Assigned operator()(bool* slot) const {
    if (text != "true" && text != "false") return std::unexpected("write true or false");
    *slot = text == "true";
    return {};
  }
  Assigned operator()(std::uint64_t* slot) const {
    TRY(value, parse_count(text));
    if (!key.choices.empty() && !choice(key, text)) return std::unexpected("write " + describe_type(key));
    if (const auto fits = within(key, static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX))); !fits)
      return fits;
    *slot = value;
    return {};
  }
  Assigned operator()(std::string* slot) const {
    if (text.size() > static_cast<std::size_t>(key.most))
      return std::unexpected(fmt::format("write at most {} bytes", key.most));
    if (text.size() < static_cast<std::size_t>(key.least)) return std::unexpected("it may not be empty");
    // A line end or NUL in a path, an origin or a name can only be a mistake, and would reach headers and logs.
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      return std::unexpected("leave out control characters");
    if (const auto fits = check_shape(key.shape, text); !fits) return fits;
    *slot = text;
    return {};
  }
  Assigned operator()(Endpoint* slot) const { return take(slot, parse_endpoint(text)); }
  Assigned operator()(std::optional<Endpoint>* slot) const {
    if (!text.empty()) return take(slot, parse_endpoint(text));
    slot->reset();
    return {};
  }
  Assigned operator()(std::vector<Network>* slot) const { return take(slot, parse_networks(text)); }
  /// At most `most` texts, each of the key's shape.
  Assigned operator()(std::vector<std::string>* slot) const {
    std::vector<std::string> texts = split_list(text);
    if (texts.size() > static_cast<std::size_t>(key.most))
      return std::unexpected(fmt::format("write at most {} of them", key.most));
    constexpr std::int64_t longest_text = 4096;
    const Key each{key.path, key.help, key.slot, 1, longest_text, {}, key.shape};
    for (const std::string& one : texts) {
      if (!key.choices.empty() && !choice(key, one)) return std::unexpected("write " + describe_type(key));
      std::string checked;
      if (const auto fits = Assign{each, one}(&checked); !fits) return fits;
    }
    *slot = std::move(texts);
    return {};
  }
  Assigned operator()(std::chrono::milliseconds* slot) const {
    TRY(value, parse_duration(text));
    if (const auto fits = within(key, value.count()); !fits) return fits;
    *slot = value;
    return {};
  }
  Assigned operator()(std::chrono::seconds* slot) const {
    TRY(value, parse_duration(text));
    if (const auto fits = within(key, value.count()); !fits) return fits;
    if (value.count() % 1000 != 0) return std::unexpected("write whole seconds, such as 15s");
    *slot = std::chrono::duration_cast<std::chrono::seconds>(value);
    return {};
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  Assigned operator()(Enum* slot) const {
    TRY(place, choice(key, text));
    *slot = static_cast<Enum>(place);
    return {};
  }

 private:
  template <class SlotType, class T>
  static Assigned take(SlotType* slot, Parsed<T> value) {
    TRY(parsed, std::move(value));
    *slot = std::move(parsed);
    return {};
  }
};

struct Show {
  const Key& key;

  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(const std::uint64_t* value) const { return std::to_string(*value); }
  std::string operator()(const std::string* value) const {
    return may_hold_secret(key) ? redacted_url(*value) : *value;
  }
  std::string operator()(const Endpoint* value) const { return value->to_string(); }
  std::string operator()(const std::optional<Endpoint>* value) const { return *value ? (*value)->to_string() : ""; }
  std::string operator()(const std::vector<Network>* value) const {
    std::string list;
    for (const Network& network : *value) list += (list.empty() ? "" : ",") + show_network(network);
    return list;
  }
  std::string operator()(const std::vector<std::string>* value) const {
    std::string list;
    for (const std::string& text : *value) list += (list.empty() ? "" : ",") + (*this)(&text);
    return list;
  }
  std::string operator()(const std::chrono::milliseconds* value) const { return show_duration(*value); }
  std::string operator()(const std::chrono::seconds* value) const { return show_duration(*value); }
  template <class Enum>
    requires std::is_enum_v<Enum>
  std::string operator()(const Enum* value) const {
    return std::string(choices_of(key).at(static_cast<std::size_t>(*value)));
  }
};

struct Describe {
  const Key& key;

  std::string operator()(const bool*) const { return "true or false"; }
  std::string operator()(const std::uint64_t*) const {
    return key.choices.empty() ? fmt::format("a number from {} to {}", key.least, key.most) : listed();
  }
  std::string operator()(const std::string*) const {
    switch (key.shape) {
      case Shape::any: return fmt::format("a text of at most {} bytes", key.most);
      case Shape::origin: return "an origin";
      case Shape::host_name: return "a host name";
      case Shape::url: return "a URL";
      case Shape::path: return "a path";
      case Shape::link: return "a path or URL with `{uid}` and `{token}`";
      case Shape::https_url: return "a URL with https";
      case Shape::word: return fmt::format("at most {} visible characters", key.most);
    }
    return {};
  }
  std::string operator()(const Endpoint*) const { return "ADDRESS:PORT"; }
  std::string operator()(const std::optional<Endpoint>*) const { return "ADDRESS:PORT or empty"; }
  std::string operator()(const std::vector<Network>*) const { return "a list of networks"; }
  std::string operator()(const std::vector<std::string>*) const {
    if (!key.choices.empty()) return "a list out of " + listed(" and ");
    if (key.shape == Shape::word) return "a list of words";
    return key.shape == Shape::origin ? "a list of origins" : "a list of URLs";
  }
  std::string operator()(const std::chrono::milliseconds*) const {
    using std::chrono::milliseconds;
    return fmt::format("a duration from {} to {}", show_duration(milliseconds{key.least}),
                       show_duration(milliseconds{key.most}));
  }
  std::string operator()(const std::chrono::seconds*) const {
    return (*this)(static_cast<const std::chrono::milliseconds*>(nullptr));
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  std::string operator()(const Enum*) const {
    return listed();
  }

 private:
  [[nodiscard]] std::string listed(std::string_view last = " or ") const {
    std::string text;
    const auto all = choices_of(key);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) text += i + 1 == all.size() ? last : ", ";
      text += all[i];
    }
    return text;
  }
};

}  // namespace

std::expected<void, std::string> assign(const Key& key, std::string_view text, Settings& settings) {
  return std::visit(Assign{key, text}, key.slot(settings));
}

std::string show(const Key& key, const Settings& settings) {
  // A slot is a place to write to; showing only reads, so a copy would be waste.
  return std::visit(Show{key}, key.slot(const_cast<Settings&>(settings)));
}

std::string describe_type(const Key& key) {
  Settings defaults;
  return std::visit(Describe{key}, key.slot(defaults));
}

Form form_of(const Key& key) {
  Settings defaults;
  const Slot slot = key.slot(defaults);
  if (std::holds_alternative<bool*>(slot)) return Form::boolean;
  if (std::holds_alternative<std::uint64_t*>(slot)) return Form::number;
  if (std::holds_alternative<std::vector<Network>*>(slot)) return Form::list;
  if (std::holds_alternative<std::vector<std::string>*>(slot)) return Form::list;
  return Form::text;
}

bool may_hold_secret(const Key& key) { return key.shape == Shape::url; }

std::string environment_name(const Key& key) {
  std::string name = "PROPUSK_";
  for (const char c : key.path) {
    if (c == '.')
      name += "__";
    else if (c == '-')
      name += '_';  // shells know no variable with a dash
    else
      name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

}  // namespace propusk::config
