// One's account at a glance: a row per page, with how things stand there.
#include "base/written_date.hpp"
#include "core/sessions/own_credentials.hpp"
#include "core/tokens/client_tokens.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
struct Overview {
  core::OwnAccount account;
  std::size_t devices = 0, apps = 0;
  std::string connections;  ///< labels of providers, with commas
};

std::string profile_summary(const Visit&, const Overview& seen) { return seen.account.username; }
std::string email_summary(const Visit& visit, const Overview& seen) {
  const core::OwnAccount& account = seen.account;
  if (!account.pending_email.empty()) return filled(Text::email_awaited, visit.language, account.pending_email);
  if (account.email.empty()) return visit.say(Text::email_none);
  return filled(account.email_verified ? Text::email_confirmed : Text::email_unconfirmed, visit.language,
                account.email);
}
std::string password_summary(const Visit& visit, const Overview& seen) {
  if (!seen.account.has_password) return visit.say(Text::password_none);
  return filled(Text::password_since, visit.language, written_day(seen.account.password_changed_at, visit.language));
}
std::string devices_summary(const Visit& visit, const Overview& seen) {
  return counted(devices, visit.language, seen.devices);
}
std::string connections_summary(const Visit& visit, const Overview& seen) {
  return seen.connections.empty() ? visit.say(Text::connections_none) : seen.connections;
}
std::string apps_summary(const Visit& visit, const Overview& seen) {
  return seen.apps == 0 ? visit.say(Text::apps_none) : counted(apps, visit.language, seen.apps);
}
std::string activity_summary(const Visit& visit, const Overview&) { return visit.say(Text::activity_summary); }
std::string data_summary(const Visit& visit, const Overview&) { return visit.say(Text::data_summary); }

struct Section {
  std::string_view url;
  Text words;
  std::string (*summary)(const Visit&, const Overview&);
};
constexpr Section sections[] = {
    {"/accounts/profile/", Text::profile_title, profile_summary},
    {"/accounts/email/", Text::email, email_summary},
    {password_path, Text::password, password_summary},
    {"/accounts/sessions/", Text::devices_title, devices_summary},
    {connections_path, Text::connections_title, connections_summary},
    {"/accounts/apps/", Text::apps_title, apps_summary},
    {"/accounts/activity/", Text::activity_title, activity_summary},
    {"/accounts/data/", Text::data_title, data_summary},
};
}  // namespace

Task<void> get_account(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  const core::Bearer bearer = owner->account.bearer;
  const core::SessionDeps& sessions = web.profile.sign_in.sessions;
  const auto credentials = co_await core::list_own_credentials(bearer, request.caller, sessions);
  if (!credentials) co_return refuse_owner(web, visit, credentials.error());
  Overview seen{.account = owner->account, .devices = credentials->size(), .connections = {}};
  for (const core::SocialLink& link : co_await core::list_identities(bearer.account, request.caller, web.social))
    seen.connections.append(seen.connections.empty() ? "" : ", ").append(label_of(web, link.provider));
  seen.apps = (co_await core::list_consents(bearer.account, request.caller, sessions)).size();

  Page page(visit, "account", Text::your_account);
  page.done(done_text(request)).set("FORM_TOKEN", owner->form_token);
  for (const Section& section : sections) {
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("SECTION");
    shown->SetValue("URL", as_template(section.url));
    shown->SetValue("WORDS", as_template(text(section.words, visit.language)));
    shown->SetValue("SUMMARY", section.summary(visit, seen));
  }
  send_page(visit, 200, page);
}

}  // namespace propusk::web
