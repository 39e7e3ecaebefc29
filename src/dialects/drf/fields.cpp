// The order of the checks is DRF's: run_validation(), to_internal_value(), then all validators in the order of the
// list.
#include "dialects/drf/fields.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "dialects/drf/texts.hpp"

namespace propusk::drf {
namespace {
/// Whether all are letters, numerals, `_` or one of @.+-: Django's UnicodeUsernameValidator.
bool is_username(std::string_view text) {
  return std::ranges::all_of(to_code_points(text), [](char32_t point) {
    return is_word(point) || point == U'@' || point == U'.' || point == U'+' || point == U'-';
  });
}

/// The first lone surrogate in upper-case hex. They stand as three bytes: 1110'1101, 10xx'xxxx, 10xx'xxxx.
std::string first_surrogate(std::string_view text) {
  std::size_t at = text.find('\xed');
  while (text[at + 1] < '\xa0') at = text.find('\xed', at + 1);  // U+D000 to U+D7FF begin so too
  const unsigned unit = 0xd000U | (text[at + 1] & 0x3fU) << 6 | (text[at + 2] & 0x3fU);
  std::string hex = to_hex(std::array{std::byte(unit >> 8), std::byte(unit & 0xff)});
  std::ranges::transform(hex, hex.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return hex;
}

/// One field in the course of its validation.
class Check {
 public:
  Check(const FieldRule& rule, Language language, Validated& out) : rule_(rule), language_(language), out_(out) {}

  /// Field.run_validation() of what was sent, nullptr for nothing.
  void run(const JsonValue* sent, bool is_partial) {
    if (sent == nullptr) {
      if (rule_.is_required && !is_partial) wrong(Sentence::required);
      return;
    }
    const std::string_view value = stripped(sent->text.reveal());
    if (sent->kind == JsonKind::text && value.empty()) {
      if (!rule_.may_be_blank) return wrong(Sentence::may_not_be_blank);
    } else if (sent->kind == JsonKind::null) {
      return wrong(Sentence::may_not_be_null);
    } else if (sent->kind != JsonKind::text && sent->kind != JsonKind::integer && sent->kind != JsonKind::real) {
      // EmailField has one sentence for both.
      return wrong(rule_.type == FieldType::email ? Sentence::email_malformed : Sentence::not_a_string);
    } else {
      run_validators(value, sent->has_surrogate);
    }
    if (!out_.errors.has(rule_.name)) out_.values.add(rule_.name, std::string(value));
  }

 private:
  void run_validators(std::string_view value, bool has_surrogate) {
    // The validators of the model come before those that the field makes itself, EmailField's own last.
    if (rule_.type == FieldType::username && !is_username(value)) wrong(Sentence::username_malformed);
    const std::string limit = std::to_string(rule_.max_length);
    if (rule_.max_length > 0 && code_points(value) > rule_.max_length) wrong(Sentence::too_long, {"max_length", limit});
    if (value.contains('\0')) wrong(Sentence::null_character);
    if (has_surrogate) wrong(Sentence::surrogate, {"code_point", first_surrogate(value)});
    if (rule_.type == FieldType::email && !core::is_email(value)) wrong(Sentence::email_malformed);
  }
  void wrong(Sentence sentence, Hole hole = {}) { out_.errors.add(rule_.name, say(sentence, language_, {hole})); }

  const FieldRule& rule_;
  Language language_;
  Validated& out_;
};

/// Field.get_value(): what an HTML form sends empty, it may not have sent.
const JsonValue* sent_for(const FieldRule& rule, const Body& body) {
  const JsonValue* sent = body.field(rule.name);
  const bool is_empty = sent != nullptr && body.is_form() && sent->text.reveal().empty();
  return is_empty && !rule.is_required && !rule.may_be_blank ? nullptr : sent;
}

std::string json_list(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) out.append(out.empty() ? "[" : ",").append(json_text(sentence));
  return out + ']';
}
}  // namespace

void append_json_text(std::string& out, std::string_view utf8) {
  const bool is_plain = std::ranges::all_of(utf8, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (is_plain)  // most names and addresses
    out.append(1, '"').append(utf8).append(1, '"');
  else
    out.append(json_text(utf8));
}

std::string json_text(std::string_view utf8) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  const std::string text = repaired(utf8);
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (const std::size_t name = named.find(text[i]); name != std::string_view::npos) {
      out.append({'\\', letters[name]});
    } else if (static_cast<unsigned char>(text[i]) < ' ') {
      out.append("\\u00").append(to_hex(std::array{std::byte(text[i])}));
    } else if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {  // no line ends to JSON, but to JavaScript
      out.append(rest.starts_with("\u2028") ? "\\u2028" : "\\u2029");
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out + '"';
}

Errors::Errors(std::span<const FieldRule> fields) {
  for (const FieldRule& field : fields) fields_.emplace_back(field.name, std::vector<std::string>());
}

void Errors::add(std::string_view field, std::string sentence) {
  auto at = std::ranges::find(fields_, field, [](const auto& each) -> std::string_view { return each.first; });
  if (at == fields_.end()) at = fields_.insert(at, {std::string(field), {}});
  at->second.push_back(std::move(sentence));
}

bool Errors::empty() const {
  return whole_.empty() && std::ranges::all_of(fields_, [](const auto& field) { return field.second.empty(); });
}

bool Errors::has(std::string_view field) const {
  return std::ranges::any_of(fields_, [&](const auto& each) { return each.first == field && !each.second.empty(); });
}

std::string Errors::to_json() const {
  std::string out = "{";
  const auto write = [&out](std::string_view name, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    out.append(out.size() > 1 ? "," : "").append(json_text(name)).append(":").append(json_list(sentences));
  };
  for (const auto& [name, sentences] : fields_) write(name, sentences);
  write("non_field_errors", whole_);
  return out + '}';
}

std::optional<std::string_view> Values::get(std::string_view field) const {
  const auto at = std::ranges::find(values_, field, [](const auto& each) -> std::string_view { return each.first; });
  return at == values_.end() ? std::nullopt : std::optional<std::string_view>(at->second.reveal());
}

Validated validate(const Body& body, std::span<const FieldRule> rules, Language language, bool is_partial) {
  Validated out{.values = {}, .errors = Errors(rules)};
  if (body.kind() == JsonKind::null) {
    out.errors.add_to_all(say(Sentence::nothing_sent, language));
  } else if (body.kind() != JsonKind::object) {
    out.errors.add_to_all(say(Sentence::not_an_object, language, {{"datatype", python_type(body.kind())}}));
  } else {
    for (const FieldRule& rule : rules) Check(rule, language, out).run(sent_for(rule, body), is_partial);
  }
  return out;
}

}  // namespace propusk::drf
