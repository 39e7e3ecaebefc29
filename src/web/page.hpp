// Page: what is shown, from its values to the bytes and headers of the answer.
#pragma once
#include <cstring>  // ctemplate's headers need it and do not include it

#include <ctemplate/template_dictionary.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/visit.hpp"

namespace propusk::web {

class Page {
 public:
  /// `content` names a template. Without `has_choice` no other language is offered.
  Page(const Visit& visit, const char* content, std::string_view title, bool has_choice = true);
  Page(const Visit& visit, const char* content, Text title) : Page(visit, content, text(title, visit.language)) {}

  /// A value of the content, under the name that the template knows.
  Page& set(std::string_view name, std::string_view value);
  /// Says what is wrong with a field, beside it and at the top.
  Page& mistake(std::string_view field, Text what) { return mistake(field, what, *content_); }
  /// The same with the dictionary of the field itself, where the content has one for each.
  Page& mistake(std::string_view field, Text what, ctemplate::TemplateDictionary& beside);
  /// One of the pages of an account: with a way back to its overview.
  Page& of_account();
  /// Says at the top what has just been done.
  Page& done(std::optional<Text> what);
  /// Loads the script.
  Page& scripted();
  /// The content's own dictionary, for its sections.
  ctemplate::TemplateDictionary& content() { return *content_; }
  [[nodiscard]] Language language() const { return visit_.language; }
  [[nodiscard]] std::string print() const { return visit_.look.templates.print(values_); }

 private:
  Visit visit_;
  std::string title_;
  ctemplate::TemplateDictionary values_;
  ctemplate::TemplateDictionary* content_;  ///< owned by values_
  ctemplate::TemplateDictionary* problems_ = nullptr;
  int mistakes_ = 0;
};

ctemplate::TemplateString as_template(std::string_view text);

/// Starts an answer with the headers that every page carries, and remembers a chosen language.
void begin_answer(const Visit& visit, int status);
void send_page(const Visit& visit, int status, const Page& page);
/// 303 (after a form) or 302 to a path of ours; a chosen language is kept.
void send_elsewhere(const Visit& visit, int status, std::string_view path);

/// A form that asks for an address.
struct Ask {
  Text title, lead;
  std::string_view email{};  ///< as typed
  bool is_malformed = false;
};
void send_ask(const Visit& visit, const Ask& ask);

/// What is wrong with a field of a form.
struct Mistake {
  std::string_view field;
  Text what;
};

/// Where a page leads on to.
struct Way {
  std::string_view url;
  Text words;
  bool is_aside = false;  ///< only for who needs it: a link, no button
};
/// A page of a title and sentences.
struct Notice {
  int status = 200;
  Text title;
  std::vector<std::string> sentences;
  std::optional<Way> way;
  std::optional<Way> other{};  ///< a second one, below
};
void send_notice(const Visit& visit, const Notice& notice);

}  // namespace propusk::web
