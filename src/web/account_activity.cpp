// What happened to one's account, newest first.
#include "base/words.hpp"
#include "base/written_date.hpp"
#include "web/account_handlers.hpp"
#include "web/activity_words.hpp"
#include "web/handlers.hpp"
#include "web/moment.hpp"

namespace propusk::web {
namespace {
/// ": Album" where an event tells of an app or of another site.
std::string party_of(const Web& web, const core::AuditEvent& event) {
  for (const std::string_view word : words_of(event.detail)) {
    if (word.starts_with("client=")) return ": " + client_name(web, std::string(word.substr(7)));
    if (word.starts_with("provider=")) return ": " + label_of(web, word.substr(9));
  }
  return "";
}
}  // namespace

Task<void> get_activity(Web& web, const http::Request& request, http::Reply& reply) {
  constexpr std::size_t most_shown = 50;  // what one looks over; the download has all
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  const auto events =
      co_await core::list_own_events(owner->account.bearer, most_shown, request.caller, web.profile.sign_in.sessions);
  if (!events) co_return refuse_owner(web, visit, events.error());
  Page page(visit, "activity", Text::activity_title);
  page.of_account();
  for (const core::AuditEvent& event : *events) {
    ctemplate::TemplateDictionary* shown = page.content().AddSectionDictionary("EVENT");
    shown->SetValue("WORDS", told(event, visit.language) + party_of(web, event));
    shown->SetValue("ACTOR", doer(event, visit.language));
    shown->SetValue("STAMP", stamp(event.at));
    shown->SetValue("AT", written_date(event.at, visit.language));
  }
  send_page(visit, 200, page);
}

}  // namespace propusk::web
