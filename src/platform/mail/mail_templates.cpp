// ctemplate escapes by where a value stands in the HTML (text, attribute, URL); the frame is put around a letter before
// that is compiled, so that one document is looked at.
#include "platform/mail/mail_templates.hpp"

#include <cstring>  // ctemplate's headers need it and do not include it

#include <ctemplate/template.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/outage.hpp"
#include "base/written_date.hpp"
#include "platform/mail/embedded_templates.hpp"
#include "platform/mail/plain_text.hpp"
#include "platform/mail/template_check.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;
using Form = TemplateRole::Form;
using Template = std::unique_ptr<ctemplate::Template>;
constexpr std::size_t file_limit = 65'536;  // a letter of twice that is cut by Gmail at 102 KB

/// A text and where it is from, for messages.
struct Source {
  std::string file, text;
};
using Overrides = std::map<std::string, Source, std::less<>>;

std::string read_override(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text = (std::ostringstream() << file.rdbuf()).str();
  if (!file) throw Outage(path.string() + ":1", "the file cannot be opened; let the server read it, or remove it");
  if (text.size() > file_limit)
    throw Outage(path.string() + ":1", fmt::format("the file has more than {} bytes; shorten it", file_limit));
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

std::string names_of_files() {
  std::string out = "the names are frame.html, and KIND.LANGUAGE.subject.txt, KIND.LANGUAGE.txt, KIND.LANGUAGE.html;";
  out += " KIND is one of";
  for (const core::MailKindRow& row : core::mail_kinds) out.append(1, ' ').append(row.name);
  out += ", LANGUAGE one of";
  for (std::string_view name : language_names) out.append(1, ' ').append(name);
  return out;
}

Overrides read_overrides(const fs::path& directory) {
  Overrides found;
  if (directory.empty()) return found;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.starts_with('.')) continue;
    const auto role = template_role(name);
    if (!role)
      throw Outage(at->path().string() + ":1",
                   "no letter has a template of this name; rename it or move it away: " + names_of_files());
    Source source{at->path(), read_override(at->path())};
    check_template(source.file, *role, source.text);
    found.emplace(name, std::move(source));
  }
  if (error) throw Outage(directory, error.message() + "; correct mail.templates, or leave it out");
  return found;
}

Source source_of(const std::string& name, const Overrides& overrides) {
  if (const auto own = overrides.find(name); own != overrides.end()) return own->second;
  return {name, std::string(embedded_template(name).value())};
}

/// `escaping`: the pragma that decides how values are escaped; it stands on the first line, so that ctemplate counts as
/// people do.
Template compile(const Source& source, std::string_view escaping) {
  Template compiled(
      ctemplate::Template::StringToTemplate(std::string(escaping) + source.text, ctemplate::DO_NOT_STRIP));
  if (!compiled)
    throw Outage(source.file + ":1",
                 "ctemplate refuses it, most likely because a marker stands where a value cannot be escaped (an "
                 "attribute without quotes, say); its own words are above");
  return compiled;
}

std::string expand(const Template& compiled, const ctemplate::TemplateDictionary& values) {
  std::string out;
  compiled->Expand(&out, &values);
  return out;
}

void set(ctemplate::TemplateDictionary& values, const char* name, std::string_view value) {
  values.SetValue(name, plain_text(value));
}

void set_if_known(ctemplate::TemplateDictionary& values, const char* name, std::string_view value,
                  const char* section) {
  set(values, name, value);
  if (!value.empty()) values.ShowSection(section);
}

void set_door(ctemplate::TemplateDictionary& values, const core::Letter::Door& door) {
  set(values, "USERNAME", door.username);
  set(values, "LINK", door.link.reveal());
}
}  // namespace

struct MailTemplates::Compiled {
  struct Forms {
    Template subject, text, html;
  };
  std::array<std::array<Forms, languages.size()>, core::mail_kinds.size()> letters;
};

MailTemplates::MailTemplates(const std::filesystem::path& overrides) : compiled_(std::make_unique<Compiled>()) {
  constexpr std::string_view escape_nothing, escape_html = R"({{%AUTOESCAPE context="HTML"}})", place = "{{>LETTER}}";
  const Overrides own = read_overrides(overrides);
  const Source frame = source_of("frame.html", own);
  const std::size_t middle = frame.text.find(place);
  for (const core::MailKindRow& row : core::mail_kinds)
    for (const Language language : languages) {
      const std::string stem = fmt::format("{}.{}.", row.name, language_name(language));
      auto& forms = compiled_->letters[static_cast<std::size_t>(row.kind)][static_cast<std::size_t>(language)];
      forms.subject = compile(source_of(stem + "subject.txt", own), escape_nothing);
      forms.text = compile(source_of(stem + "txt", own), escape_nothing);
      Source html = source_of(stem + "html", own);
      html.text = frame.text.substr(0, middle) + html.text + frame.text.substr(middle + place.size());
      forms.html = compile(html, escape_html);
    }
}

MailTemplates::~MailTemplates() = default;

MailWords MailTemplates::words(const core::Letter& letter, const MailSite& site) const {
  ctemplate::TemplateDictionary values("letter");
  set(values, "SITE", site.name);
  set(values, "ORIGIN", site.origin);
  set(values, "LANGUAGE", language_name(letter.language));
  set(values, "RECIPIENT", letter.recipient);
  set(values, "WHEN", written_date(letter.created_at, letter.language));
  set(values, "NEW_EMAIL", letter.facts.other_email);
  set(values, "PROVIDER", letter.facts.provider);
  set_if_known(values, "CLIENT", letter.facts.client, "IF_CLIENT");
  set_if_known(values, "DEVICE", letter.facts.device, "IF_DEVICE");
  if (!letter.doors.empty()) set_door(values, letter.doors.front());
  for (const core::Letter::Door& door : letter.doors) set_door(*values.AddSectionDictionary("ACCOUNT"), door);
  const auto& forms =
      compiled_->letters[static_cast<std::size_t>(letter.kind)][static_cast<std::size_t>(letter.language)];
  const std::string subject = expand(forms.subject, values);
  return {plain_text(subject.substr(0, subject.find('\n'))), expand(forms.text, values), expand(forms.html, values)};
}

}  // namespace propusk::platform
