// Accounts of other sites that let one in: connected and disconnected by their owner.
#include <algorithm>

#include "base/written_date.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/onward.hpp"
#include "web/provider_way.hpp"

namespace propusk::web {
namespace {
void send_connections(const Web& web, const Visit& visit, const Owner& owner,
                      const std::vector<core::SocialLink>& links) {
  Page page(visit, "connections", Text::connections_title);
  page.of_account().done(done_text(visit.request)).set("FORM_TOKEN", owner.form_token);
  long number = 0;
  for (const core::SocialLink& link : links) {
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("CONNECTION");
    const std::string label = label_of(web, link.provider);
    shown->SetIntValue("NUMBER", number++);
    shown->SetValue("NAME", label);
    shown->SetValue("KEY", link.provider + " " + link.subject);
    shown->SetValue("WORDS", filled(Text::disconnect, visit.language, label));
    shown->SetValue("SINCE",
                    filled(Text::connected_since, visit.language, written_day(link.created_at, visit.language)));
    if (!link.display.empty()) shown->SetValueAndShowSection("DISPLAY", link.display, "TOLD");
  }
  for (const core::OfferedProvider& provider : web.gateway.offered()) {
    if (!provider.takes_codes) continue;
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("OFFER");
    shown->SetValue("KEY", provider.name);
    shown->SetValue("WORDS", filled(Text::connect, visit.language, provider.label));
  }
  send_page(visit, 200, page);
}

/// `key`: the provider, a space, and the subject there.
Task<void> disconnect(const Web& web, const Visit& visit, const Owner& owner, std::string_view key) {
  const std::size_t space = key.find(' ');
  core::IdentityDisconnection wanted{.bearer = owner.account.bearer, .provider = std::string(key.substr(0, space))};
  wanted.subject = space == std::string_view::npos ? "" : std::string(key.substr(space + 1));
  const core::Result<void> ended =
      co_await core::disconnect_identity(std::move(wanted), visit.request.caller, web.social);
  if (ended) co_return send_elsewhere(visit, 303, "/accounts/connections/?done=disconnected");
  // Somebody was faster, perhaps in another window.
  if (ended.error().why == core::Refusal::identity_unknown) co_return send_elsewhere(visit, 303, connections_path);
  if (ended.error().why != core::Refusal::last_way_in) co_return refuse_owner(web, visit, ended.error());
  send_notice(visit, {.status = 409,
                      .title = Text::last_way_title,
                      .sentences = {visit.say(Text::last_way_lead)},
                      .way = Way{password_path, Text::set_password}});
}
}  // namespace

std::string label_of(const Web& web, std::string_view provider) {
  const std::span<const core::OfferedProvider> offered = web.gateway.offered();
  const auto found = std::ranges::find(offered, provider, &core::OfferedProvider::name);
  return found == offered.end() ? std::string(provider) : found->label;
}

Task<void> get_connections(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  const std::vector<core::SocialLink> links =
      co_await core::list_identities(owner->account.bearer.account, request.caller, web.social);
  send_connections(web, visit, *owner, links);
}

Task<void> post_connections(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  if (const auto key = posted->form.field("disconnect")) co_return co_await disconnect(web, visit, posted->owner, *key);
  if (!posted->owner.account.is_fresh) co_return refuse_owner(web, visit, core::Refused(core::Refusal::not_fresh));
  const std::optional<std::string> url =
      co_await begin_provider_way(web, visit, std::string(posted->form.field("connect").value_or("")),
                                  std::string(connections_path), connect_purpose(posted->owner));
  if (url) send_onward(visit, *url);
}

}  // namespace propusk::web
