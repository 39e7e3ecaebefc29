// What each refusal and failure looks like on a page: one switch, exhaustive by -Wswitch-enum.
#include <algorithm>
#include <chrono>

#include "web/handlers.hpp"

namespace propusk::web {
namespace {
using core::Refusal;
}  // namespace

PageError to_page(Refusal refusal) {
  switch (refusal) {
    case Refusal::email_malformed: return {400, Text::email_malformed, {}};
    case Refusal::password_too_short: return {400, Text::password_too_short, {}};
    case Refusal::password_too_long: return {400, Text::password_too_long, {}};
    case Refusal::password_common: return {400, Text::password_common, {}};
    case Refusal::password_numeric: return {400, Text::password_numeric, {}};
    case Refusal::password_malformed: return {400, Text::password_malformed, {}};
    case Refusal::email_taken: return {409, Text::taken_title, Text::taken_lead};
    case Refusal::link_unknown: return {404, Text::unknown_title, Text::unknown_lead};
    case Refusal::link_used: return {410, Text::used_title, Text::used_lead};
    case Refusal::link_expired: return {410, Text::expired_title, Text::expired_lead};
    case Refusal::limited: return {429, Text::limited_title, {}};  // the lead says how long
    case Refusal::overloaded: return {503, Text::busy_title, Text::later};
    case Refusal::username_malformed:  // no page asks for what these refuse
    case Refusal::username_taken:
    case Refusal::account_unknown:
    case Refusal::mail_unknown:
    case Refusal::account_disabled:
    case Refusal::creation_failed:
    case Refusal::bad_credentials:
    case Refusal::not_signed_in: return {500, Text::failed_title, Text::later};
  }
  return {500, Text::failed_title, Text::later};
}

void send_refusal(const Visit& visit, const core::Refused& refused, DeadEnd dead_end) {
  const PageError error = to_page(refused.why);
  Notice notice{.status = error.status, .title = error.title, .sentences = {}, .way = {}};
  if (error.lead) notice.sentences.push_back(visit.say(*error.lead));
  if (error.status == 429) {
    const auto minutes =
        std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::minutes>(refused.retry_after).count());
    notice.sentences.push_back(counted(wait, visit.language, static_cast<std::uint64_t>(minutes)));
  }
  if (error.status == 404 || error.status == 410) {
    if (dead_end == DeadEnd::recovery) {
      notice.way = Way{"/auth/reset/", Text::ask_new_link};
    } else {
      notice.sentences.push_back(visit.say(Text::change_again));
    }
  } else if (error.status != 409) {
    notice.way = Way{visit.request.path, Text::try_again};
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
