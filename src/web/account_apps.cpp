// Apps that one has let use the account, and the end of what they got.
#include "base/words.hpp"
#include "base/written_date.hpp"
#include "core/tokens/client_tokens.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/scope_words.hpp"

namespace propusk::web {
namespace {
void send_apps(const Web& web, const Visit& visit, const Owner& owner, const std::vector<core::Consent>& consents) {
  Page page(visit, "apps", Text::apps_title);
  page.of_account().done(done_text(visit.request)).set("FORM_TOKEN", owner.form_token);
  page.content().ShowSection(consents.empty() ? "NONE" : "SOME");
  long number = 0;
  for (const core::Consent& consent : consents) {
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("APP");
    shown->SetIntValue("NUMBER", number++);
    shown->SetValue("NAME", client_name(web, consent.client));
    shown->SetValue("KEY", consent.client);
    shown->SetValue("SINCE", filled(Text::app_since, visit.language, written_day(consent.given_at, visit.language)));
    for (const std::string_view scope : words_of(consent.scope))
      shown->AddSectionDictionary("SCOPE")->SetValue("WORDS", scope_words(scope, visit.language));
  }
  send_page(visit, 200, page);
}
}  // namespace

std::string client_name(const Web& web, const std::string& id) {
  const core::SharedClient client = web.clients.directory.recall(id);
  return client ? client->name : id;
}

Task<void> get_apps(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  const std::vector<core::Consent> consents =
      co_await core::list_consents(owner->account.bearer.account, request.caller, web.profile.sign_in.sessions);
  send_apps(web, visit, *owner, consents);
}

Task<void> post_apps(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::Result<bool> withdrawn = co_await core::withdraw_consent(
      posted->owner.account.bearer.account, std::string(posted->form.field("withdraw").value_or("")), request.caller,
      web.profile.sign_in.sessions);
  if (!withdrawn) co_return refuse_owner(web, visit, withdrawn.error());
  send_elsewhere(visit, 303, *withdrawn ? "/accounts/apps/?done=withdrawn" : "/accounts/apps/");
}

}  // namespace propusk::web
