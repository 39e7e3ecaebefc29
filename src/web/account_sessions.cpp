// Where one is signed in: browsers and apps, and the end of each.
#include <algorithm>

#include "base/written_date.hpp"
#include "core/sessions/own_credentials.hpp"
#include "web/account_handlers.hpp"
#include "web/device_name.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
constexpr std::size_t most_shown = 50;  // a page that is still looked over; "end all others" reaches the rest

Text kind_words(core::CredentialKind kind) {
  return kind == core::CredentialKind::browser_session ? Text::kind_browser : Text::kind_app;
}

/// What a page shows of one credential, in its own dictionary.
void show(const Web& web, const Visit& visit, const core::Credential& device, bool is_present,
          ctemplate::TemplateDictionary& shown) {
  const auto at = [&](Text words, Instant moment) {
    return filled(words, visit.language, written_date(moment, visit.language));
  };
  const std::string name = device_name(device.label), id = core::credential_id(device);
  shown.SetValue("NAME", name.empty() ? visit.say(Text::unknown_device) : name);
  shown.SetValue("KIND", device.terms ? client_name(web, device.terms->client) : visit.say(kind_words(device.kind)));
  shown.SetValue("PLACE", filled(Text::device_at, visit.language, device.prefix));
  shown.SetValue("SINCE", at(Text::device_since, device.created_at));
  shown.SetValue("SEEN", at(Text::device_seen, device.seen_at));
  shown.SetValue("ID_WORDS", filled(Text::device_number, visit.language, id));
  if (is_present)
    shown.ShowSection("PRESENT");
  else
    shown.SetValueAndShowSection("ID", id, "OTHER_DEVICE");
}

/// This device first, then the others as they come: newest first.
void send_devices(const Web& web, const Visit& visit, const Owner& owner, std::vector<core::Credential> all) {
  const Digest& present = owner.account.bearer.credential;
  const auto here = std::ranges::find(all, present, &core::Credential::digest);
  if (here != all.end()) std::rotate(all.begin(), here, here + 1);
  Page page(visit, "devices", Text::devices_title);
  page.of_account().done(done_text(visit.request)).set("FORM_TOKEN", owner.form_token);
  for (std::size_t i = 0; i < std::min(all.size(), most_shown); ++i) {
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("DEVICE");
    shown->SetIntValue("NUMBER", static_cast<long>(i));
    show(web, visit, all[i], all[i].digest == present, *shown);
  }
  if (all.size() > most_shown)
    page.content().SetValueAndShowSection("MORE_WORDS", counted(devices_more, visit.language, all.size() - most_shown),
                                          "MORE");
  if (all.size() > 1) page.content().ShowSection("OTHERS");
  send_page(visit, 200, page);
}
}  // namespace

Task<void> get_sessions(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  auto credentials =
      co_await core::list_own_credentials(owner->account.bearer, request.caller, web.profile.sign_in.sessions);
  if (!credentials) co_return refuse_owner(web, visit, credentials.error());
  send_devices(web, visit, *owner, *std::move(credentials));
}

Task<void> post_sessions(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::Bearer bearer = posted->owner.account.bearer;
  const core::SessionDeps& sessions = web.profile.sign_in.sessions;
  const bool ends_others = posted->form.has("others");
  const std::string id(posted->form.field("end").value_or(""));
  core::Result<std::size_t> ended = 0;
  if (ends_others)
    ended = co_await core::end_other_credentials(bearer, request.caller, sessions);
  else
    ended = co_await core::end_own_credential(bearer, id, request.caller, sessions);
  if (!ended) co_return refuse_owner(web, visit, ended.error());
  if (*ended == 0) co_return send_elsewhere(visit, 303, "/accounts/sessions/");
  send_elsewhere(visit, 303, ends_others ? "/accounts/sessions/?done=others" : "/accounts/sessions/?done=device");
}

}  // namespace propusk::web
