// One pass over the markers with a stack of open sections.
#include "platform/mail/template_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/outage.hpp"
#include "base/text.hpp"

namespace propusk::platform {
namespace {
using Form = TemplateRole::Form;
constexpr std::string_view letter_place = "LETTER";

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
  });
}

class Check {
 public:
  Check(std::string_view file, const TemplateRole& role) : file_(file), role_(role) {}

  void line(std::string_view text) {
    ++line_;
    if (!is_utf8(text)) fail("the bytes are not UTF-8; save the file in UTF-8");
    if (std::ranges::any_of(text, [](char byte) { return (byte >= 0 && byte < ' ' && byte != '\t') || byte == 0x7f; }))
      fail("there is a control character; remove it");
    for (std::size_t begin = 0; (begin = text.find("{{", begin)) != std::string_view::npos;) {
      const std::size_t end = text.find("}}", begin);
      if (end == std::string_view::npos) fail("`{{` has no `}}` on its line; close the marker");
      marker(text.substr(begin + 2, end - begin - 2));
      begin = end + 2;
    }
  }

  void end() {
    if (!open_.empty()) {
      line_ = open_.back().line;
      fail(fmt::format("`{{{{#{0}}}}}` is never closed; add `{{{{/{0}}}}}`", open_.back().name));
    }
    line_ = 1;
    if (role_.form == Form::frame && letters_ != 1) fail("the frame holds `{{>LETTER}}` exactly once");
    const bool needs_link = role_.form == Form::text || role_.form == Form::html;
    if (needs_link && core::row_of(role_.kind).purpose && !has_link_)
      fail("the letter has no `{{LINK}}`; without it nobody can follow it");
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw Outage(fmt::format("{}:{}", file_, std::max(line_, std::size_t{1})), problem);
  }

 private:
  struct Open {
    std::string_view name;
    std::size_t line;
  };

  void marker(std::string_view inside) {
    if (inside.starts_with('!')) return;  // a comment
    const char sign = inside.empty() ? '\0' : inside.front();
    const bool has_sign = sign == '#' || sign == '/' || sign == '>';
    const std::string_view name = inside.substr(has_sign ? 1 : 0);
    if (!is_name(name))
      fail(fmt::format("`{{{{{}}}}}` is no marker; a marker is a name in capitals, without modifiers or pragmas; {}",
                       inside, known()));
    if (sign == '>')
      letter(name);
    else if (sign == '/')
      close(name);
    else
      stand(name, sign == '#');
  }

  void letter(std::string_view name) {
    if (role_.form != Form::frame || name != letter_place)
      fail(fmt::format("`{{{{>{}}}}}` includes nothing; only frame.html has `{{{{>LETTER}}}}`", name));
    ++letters_;
  }

  void close(std::string_view name) {
    if (open_.empty() || open_.back().name != name)
      fail(fmt::format("`{{{{/{}}}}}` closes nothing here; {}", name,
                       open_.empty() ? "remove it" : fmt::format("`{{{{#{}}}}}` is open", open_.back().name)));
    open_.pop_back();
  }

  void stand(std::string_view name, bool as_section) {
    const auto* found =
        std::ranges::find_if(markers, [&](const Marker& marker) { return marker.name == name && belongs(marker); });
    if (found == markers.end()) fail(fmt::format("`{{{{{}}}}}` is unknown here; {}", name, known()));
    if (found->is_section && !as_section)
      fail(fmt::format("`{0}` is a section; write `{{{{#{0}}}}}…{{{{/{0}}}}}`", name));
    if (!found->is_section && as_section) fail(fmt::format("`{0}` is no section; write `{{{{{0}}}}}`", name));
    if (!found->within.empty() && std::ranges::find(open_, found->within, &Open::name) == open_.end())
      fail(fmt::format("`{{{{{0}}}}}` stands only between `{{{{#{1}}}}}` and `{{{{/{1}}}}}`", name, found->within));
    if (as_section) open_.push_back({name, line_});
    has_link_ = has_link_ || name == "LINK";
  }

  [[nodiscard]] bool belongs(const Marker& marker) const {
    switch (role_.form) {
      case Form::frame: return marker.in_frame;
      case Form::subject: return marker.in_subject && (marker.kinds & kinds_of(role_.kind)) != 0;
      case Form::text:
      case Form::html: return (marker.kinds & kinds_of(role_.kind)) != 0;
    }
    return false;
  }
  /// "known are `{{A}}`, `{{#B}}`".
  [[nodiscard]] std::string known() const {
    std::string out = "known here:";
    for (const Marker& marker : markers)
      if (belongs(marker)) out += fmt::format(" {{{{{}{}}}}}", marker.is_section ? "#" : "", marker.name);
    return out;
  }

  std::string_view file_;
  TemplateRole role_;
  std::size_t line_ = 0;
  std::vector<Open> open_;
  std::size_t letters_ = 0;
  bool has_link_ = false;
};

std::optional<Form> form_of(std::string_view ending) {
  if (ending == "subject.txt") return Form::subject;
  if (ending == "txt") return Form::text;
  if (ending == "html") return Form::html;
  return std::nullopt;
}
}  // namespace

std::optional<TemplateRole> template_role(std::string_view file_name) {
  if (file_name == "frame.html") return TemplateRole{.form = Form::frame};
  const std::size_t first = file_name.find('.');
  const std::size_t second = first == std::string_view::npos ? first : file_name.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto kind = std::ranges::find(core::mail_kinds, file_name.substr(0, first), &core::MailKindRow::name);
  const auto known_language = language(file_name.substr(first + 1, second - first - 1));
  const auto form = form_of(file_name.substr(second + 1));
  if (kind == core::mail_kinds.end() || !known_language || !form) return std::nullopt;
  return TemplateRole{*form, kind->kind, *known_language};
}

void check_template(std::string_view file, const TemplateRole& role, std::string_view text) {
  Check check(file, role);
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    check.line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (++lines > 1 && role.form == Form::subject) check.fail("a subject is one line; remove this one");
  }
  if (lines == 0) check.fail("the file is empty; write the text, or remove the file to get the built-in one");
  check.end();
}

}  // namespace propusk::platform
