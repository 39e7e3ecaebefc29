// Fills the template of forms, and knows of which field a refusal is.
#include "web/form_page.hpp"

#include <algorithm>
#include <utility>

#include "http/form.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"

namespace propusk::web {
namespace {
using ctemplate::TemplateDictionary;

/// Which texts describe a field, by their ids: its hint, and its mistakes, which are numbered over the page from `told`
/// on.
void describe(TemplateDictionary& values, const Input& input, std::ptrdiff_t mistakes, std::size_t told) {
  std::string described_by;
  const auto add = [&](const std::string& id) {
    described_by.append(described_by.empty() ? "" : " ").append(input.name).append("-").append(id);
  };
  if (!input.hint.empty()) add("hint");
  for (std::ptrdiff_t i = 0; i < mistakes; ++i)
    add("mistake-" + std::to_string(told + static_cast<std::size_t>(i) + 1));
  if (!described_by.empty()) values.SetValueAndShowSection("DESCRIBED_BY", described_by, "DESCRIBED");
}

void show(Page& page, const Input& input, const std::vector<Mistake>& mistakes, std::size_t& told) {
  TemplateDictionary& values = *page.content().AddSectionDictionary("INPUT");
  values.SetValue("NAME", as_template(input.name));
  values.SetValue("LABEL", as_template(text(input.label, page.language())));
  values.SetValue("TYPE", as_template(input.type));
  values.SetValue("TOKEN", as_template(input.token));
  values.SetValue("CAPITALS", input.is_name ? "words" : "none");
  values.SetValue("VALUE", input.type == "password" ? "" : input.value);
  if (input.type == "password") {
    values.ShowSection("HIDDEN");
    page.scripted();
  }
  if (!input.is_optional) values.ShowSection("WANTED");
  if (!input.hint.empty()) values.SetValueAndShowSection("HINT", input.hint, "HINTED");
  const auto is_about = [&](const Mistake& mistake) { return mistake.field == input.name; };
  const std::ptrdiff_t count = std::ranges::count_if(mistakes, is_about);
  describe(values, input, count, told);
  told += static_cast<std::size_t>(count);
  for (const Mistake& mistake : mistakes)
    if (is_about(mistake)) page.mistake(input.name, mistake.what, values);
}

void show_providers(Page& page, const Visit& visit, std::span<const ProviderButton> providers) {
  for (const ProviderButton& provider : providers) {
    TemplateDictionary& button = *page.content().AddSectionDictionary("PROVIDER");
    button.SetValue("URL", provider.url);
    button.SetValue("WORDS", filled(Text::continue_with, visit.language, provider.label));
    if (const auto next = next_path(visit.request))
      button.SetValueAndShowSection("NEXT", query_value(*next), "LEADS_ON");
  }
  if (!providers.empty()) page.content().ShowSection("OR");
}

void show_ways(Page& page, const std::vector<Way>& ways) {
  if (ways.empty()) return;
  TemplateDictionary& around = *page.content().AddSectionDictionary("WAYS");
  for (const Way& way : ways) {
    TemplateDictionary& shown = *around.AddSectionDictionary("WAY");
    shown.SetValue("URL", as_template(way.url));
    shown.SetValue("WORDS", as_template(text(way.words, page.language())));
  }
}

/// "": of no field.
std::string_view field_of(core::Refusal refusal) {
  using core::Refusal;
  if (refusal == Refusal::email_malformed || refusal == Refusal::email_taken) return new_email_field;
  if (refusal == Refusal::username_malformed || refusal == Refusal::username_taken) return new_username_field;
  if (refusal == Refusal::bad_credentials) return current_password_field;
  return to_page(refusal).is_of_field() ? new_password_field : "";
}

/// The words beside the field; elsewhere the same refusal may be a page (a taken address) or say less (a wrong
/// password).
Text words_of(core::Refusal refusal) {
  if (refusal == core::Refusal::email_taken) return Text::email_taken;
  return refusal == core::Refusal::bad_credentials ? Text::current_password_wrong : to_page(refusal).title;
}
}  // namespace

void send_form(const Visit& visit, const FormPage& form) {
  Page page(visit, "form", form.title);
  if (form.is_of_account) page.of_account();
  page.done(form.done);
  if (form.button)
    page.content().SetValueAndShowSection("BUTTON", as_template(text(*form.button, visit.language)), "ACTS");
  for (const std::string& sentence : form.sentences)
    page.content().AddSectionDictionary("SENTENCE")->SetValue("WORDS", sentence);
  show_providers(page, visit, form.providers);
  if (!form.username.empty()) page.content().SetValueAndShowSection("USERNAME", form.username, "WHOSE");
  std::size_t told = 0;
  for (const Input& input : form.inputs) show(page, input, form.mistakes, told);
  if (form.is_grave) page.content().ShowSection("GRAVE");
  if (!form.form_token.empty()) page.content().SetValueAndShowSection("FORM_TOKEN", form.form_token, "GUARD");
  show_ways(page, form.ways);
  send_page(visit, form.mistakes.empty() ? 200 : 400, page);
}

std::vector<Mistake> mistakes_of(const core::Refused& refused) {
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<core::Refusal>(i);
    if (!refused.all.has(refusal)) continue;
    const std::string_view field = field_of(refusal);
    if (!field.empty()) mistakes.push_back({field, words_of(refusal)});
  }
  return mistakes;
}

std::optional<Text> done_text(const http::Request& request) {
  constexpr std::pair<std::string_view, Text> all[] = {
      {"up", Text::signed_up},
      {"out", Text::signed_out},
      {"saved", Text::saved},
      {"username", Text::renamed_title},
      {"email", Text::email_asked},
      {"password", Text::password_changed},
      {"device", Text::device_ended},
      {"others", Text::others_ended},
      {"connected", Text::connected},
      {"disconnected", Text::disconnected},
      {"withdrawn", Text::app_withdrawn},
  };
  if (request.query.empty()) return std::nullopt;
  const auto query = http::parse_urlencoded(request.query);
  const std::string_view done = query ? query->field("done").value_or("") : "";
  const auto found = std::ranges::find(all, done, &std::pair<std::string_view, Text>::first);
  return found == std::end(all) ? std::nullopt : std::optional(found->second);
}

}  // namespace propusk::web
