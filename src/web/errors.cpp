// What each refusal and failure looks like on a page: one switch, exhaustive by -Wswitch-enum.
#include <algorithm>
#include <chrono>

#include "web/handlers.hpp"
#include "web/next_path.hpp"

namespace propusk::web {
namespace {
using core::Refusal;

/// What comes after a link that does nothing.
void lead_on(const Visit& visit, bool is_used, DeadEnd dead_end, Notice& notice) {
  const auto add = [&](Text sentence) { notice.sentences.push_back(visit.say(sentence)); };
  switch (dead_end) {
    case DeadEnd::recovery: notice.way = Way{"/auth/reset/", Text::ask_new_link}; return;
    case DeadEnd::email_change: add(Text::change_again); return;
    case DeadEnd::username_reset: add(Text::ask_in_app); return;
    case DeadEnd::activation:
      if (is_used)
        add(Text::activated_before);
      else
        notice.way = Way{"/auth/activation/", Text::ask_new_link};
      return;
    case DeadEnd::email_undo:
      add(is_used ? Text::undone_before : Text::ask_operators);
      if (is_used) notice.way = Way{"/auth/reset/", Text::set_password};
      return;
    case DeadEnd::sign_in: return;  // no link leads there
  }
}
}  // namespace

PageError to_page(Refusal refusal) {
  switch (refusal) {
    case Refusal::email_malformed: return {400, Text::email_malformed, {}};
    case Refusal::password_too_short: return {400, Text::password_too_short, {}};
    case Refusal::password_too_long: return {400, Text::password_too_long, {}};
    case Refusal::password_common: return {400, Text::password_common, {}};
    case Refusal::password_numeric: return {400, Text::password_numeric, {}};
    case Refusal::password_malformed: return {400, Text::password_malformed, {}};
    case Refusal::username_malformed: return {400, Text::username_malformed, {}};
    case Refusal::username_taken: return {400, Text::username_taken, {}};
    case Refusal::email_taken: return {409, Text::taken_title, Text::taken_lead};
    case Refusal::uid_unknown:
    case Refusal::link_unknown: return {404, Text::unknown_title, Text::unknown_lead};
    case Refusal::link_used: return {410, Text::used_title, Text::used_lead};
    case Refusal::link_expired: return {410, Text::expired_title, Text::expired_lead};
    case Refusal::limited: return {429, Text::limited_title, {}};  // the lead says how long
    case Refusal::overloaded: return {503, Text::busy_title, Text::later};
    case Refusal::bad_credentials: return {400, Text::sign_in_wrong, {}};
    case Refusal::account_disabled: return {403, Text::disabled_title, Text::disabled_lead};
    case Refusal::account_unknown:  // no page asks for what these refuse, or it has an answer of its own
    case Refusal::mail_unknown:
    case Refusal::creation_failed:
    case Refusal::not_signed_in:
    case Refusal::provider_unknown:
    case Refusal::provider_refused:
    case Refusal::provider_revoked:
    case Refusal::provider_failed:
    case Refusal::identity_taken:
    case Refusal::identity_unknown:
    case Refusal::last_way_in:
    case Refusal::not_fresh:
    case Refusal::client_unknown:
    case Refusal::client_refused:
    case Refusal::client_malformed:
    case Refusal::client_taken:
    case Refusal::grant_not_allowed:
    case Refusal::grant_refused:
    case Refusal::scope_refused: return {500, Text::failed_title, Text::later};
  }
  return {500, Text::failed_title, Text::later};
}

void send_refusal(const Visit& visit, const core::Refused& refused, DeadEnd dead_end) {
  const PageError error = to_page(refused.why);
  const std::optional<std::string> next = next_path(visit.request);
  const std::string here = std::string(visit.request.path) + (next ? "?next=" + query_value(*next) : "");
  Notice notice{.status = error.status, .title = error.title, .sentences = {}, .way = {}};
  if (error.lead) notice.sentences.push_back(visit.say(*error.lead));
  if (error.status == 429) {
    const auto minutes =
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(refused.retry_after).count());
    notice.sentences.push_back(counted(wait, visit.language, static_cast<std::uint64_t>(minutes)));
  }
  if (error.status == 404 || error.status == 410) {
    lead_on(visit, refused.why == Refusal::link_used, dead_end, notice);
  } else if (error.status != 409) {
    notice.way = Way{here, Text::try_again};
    if (dead_end == DeadEnd::sign_in) notice.other = Way{"/auth/reset/", Text::forgot, true};
  }
  send_notice(visit, notice);
  if (refused.retry_after.count() > 0) visit.reply.header("Retry-After", std::to_string(refused.retry_after.count()));
}

void write_failure(Web& web, http::Failure failure, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const bool is_outage = failure == http::Failure::outage;
  send_notice(visit, {.status = is_outage ? 503 : 500,
                      .title = Text::failed_title,
                      .sentences = {visit.say(Text::later)},
                      .way = Way{request.path, Text::try_again}});
  if (is_outage) reply.headers("Retry-After: 1\r\n");
}

}  // namespace propusk::web
