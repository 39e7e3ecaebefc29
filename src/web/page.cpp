// Fills the dictionary of the layout and of its content; all texts of the language are at hand in every template.
#include "web/page.hpp"

#include "web/next_path.hpp"

namespace propusk::web {
namespace {
/// The source to which a form may lead besides us stands between the two.
constexpr std::string_view every_page =
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'";
constexpr std::string_view every_page_on =
    "; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=()\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n";
constexpr seconds year{365 * 86'400};
}  // namespace

ctemplate::TemplateString as_template(std::string_view text) { return {text.data(), text.size()}; }

Page::Page(const Visit& visit, const char* content, std::string_view title, bool has_choice)
    : visit_(visit), title_(title), values_("layout"), content_(values_.AddIncludeDictionary("CONTENT")) {
  content_->SetFilename(content);
  for (const TextRow& row : texts()) {
    const std::string_view words = row.in[static_cast<std::size_t>(visit.language)];
    values_.SetTemplateGlobalValueWithoutCopy(as_template(row.name), as_template(words));
  }
  values_.SetValue("LANGUAGE", as_template(language_name(visit.language)));
  values_.SetValue("SITE", as_template(visit.look.site_name));
  values_.SetValue("TITLE", as_template(title));
  values_.SetValue("PAGE_TITLE", as_template(title));
  values_.SetValue("STYLE", visit.look.assets.style().path);
  if (!has_choice) return;
  ctemplate::TemplateDictionary* choice = values_.AddSectionDictionary("CHOICE");
  for (Language other : languages) {
    if (other == visit.language) continue;
    ctemplate::TemplateDictionary* link = choice->AddSectionDictionary("OTHER");
    link->SetValue("CODE", as_template(language_name(other)));
    link->SetValue("NAME", as_template(text(Text::own_name, other)));
    if (std::string kept = kept_query(visit.request); !kept.empty())
      link->SetValueAndShowSection("QUERY", kept, "KEPT");
  }
}

Page& Page::set(std::string_view name, std::string_view value) {
  content_->SetValue(as_template(name), as_template(value));
  return *this;
}

Page& Page::mistake(std::string_view field, Text what, ctemplate::TemplateDictionary& beside) {
  if (!problems_) {
    problems_ = values_.AddSectionDictionary("PROBLEMS");
    values_.SetValue("PAGE_TITLE", filled(Text::error_title, visit_.language, title_));
  }
  beside.ShowSection("INVALID");
  const std::string_view words = text(what, visit_.language);
  ctemplate::TemplateDictionary* above = problems_->AddSectionDictionary("MISTAKE");
  above->SetValue("FIELD", as_template(field));
  above->SetValue("WORDS", as_template(words));
  ctemplate::TemplateDictionary* shown = beside.AddSectionDictionary("MISTAKE");
  shown->SetIntValue("NUMBER", ++mistakes_);
  shown->SetValue("WORDS", as_template(words));
  return *this;
}

Page& Page::of_account() {
  values_.ShowSection("BACK");
  return *this;
}

Page& Page::done(std::optional<Text> what) {
  if (what) values_.SetValueAndShowSection("DONE_WORDS", as_template(text(*what, visit_.language)), "DONE");
  return *this;
}

Page& Page::scripted() {
  values_.SetValueAndShowSection("SCRIPT", visit_.look.assets.script().path, "SCRIPTED");
  return *this;
}

void begin_answer(const Visit& visit, int status) {
  visit.reply.status = status;
  visit.reply.headers(every_page);
  if (!visit.leads_to.empty()) visit.reply.headers(" ").headers(visit.leads_to);
  visit.reply.headers(every_page_on);
  visit.reply.headers(visit.is_of_account ? "Referrer-Policy: same-origin\r\n" : "Referrer-Policy: no-referrer\r\n");
  // One year, as HTTPS-only lists ask for (RFC 6797 §11.2); siblings of the host decide for themselves.
  if (visit.request.is_secure) visit.reply.headers("Strict-Transport-Security: max-age=31536000\r\n");
  if (!visit.chooses_language) return;
  visit.reply.cookie({.name = language_cookie,
                      .value = language_name(visit.language),
                      .max_age = year,
                      .http_only = true,
                      .secure = visit.request.is_secure},
                     visit.look.clock.now());
}

void send_page(const Visit& visit, int status, const Page& page) {
  begin_answer(visit, status);
  visit.reply.headers("Content-Type: text/html; charset=utf-8\r\n").body(page.print());
}

void send_elsewhere(const Visit& visit, int status, std::string_view path) {
  begin_answer(visit, status);
  std::string target(path);
  if (visit.chooses_language)
    target.append(target.contains('?') ? "&lang=" : "?lang=").append(language_name(visit.language));
  visit.reply.header("Location", target);
}

void send_ask(const Visit& visit, const Ask& ask) {
  Page page(visit, "ask", ask.title);
  page.set("LEAD", text(ask.lead, visit.language)).set("EMAIL", ask.email);
  if (ask.is_malformed) page.mistake("email", Text::email_malformed);
  send_page(visit, ask.is_malformed ? 400 : 200, page);
}

void send_notice(const Visit& visit, const Notice& notice) {
  Page page(visit, "notice", notice.title);
  for (const std::string& sentence : notice.sentences)
    page.content().AddSectionDictionary("SENTENCE")->SetValue("WORDS", sentence);
  for (const std::optional<Way>* way : {&notice.way, &notice.other}) {
    if (!*way) continue;
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary((*way)->is_aside ? "ASIDE" : "WAY");
    shown->SetValue("URL", as_template((*way)->url));
    shown->SetValue("WORDS", as_template(text((*way)->words, visit.language)));
  }
  send_page(visit, notice.status, page);
}

}  // namespace propusk::web
