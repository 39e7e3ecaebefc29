// The order of checks is the framework's: it decides what a bad request is told first.
#include "dialects/djoser/view.hpp"

#include <algorithm>

#include "dialects/djoser/wire.hpp"
#include "http/accept.hpp"
#include "http/ascii.hpp"
#include "http/form.hpp"

namespace propusk::djoser {
namespace {
const Action* find_action(const View& view, http::Method method) {
  if (method == http::Method::head) method = http::Method::get;
  const auto found = std::ranges::find(view.actions, method, &Action::method);
  return found == view.actions.end() ? nullptr : &*found;
}

Language language_for(const Djoser& djoser, const http::Request& request) {
  switch (djoser.settings.language) {
    case TextLanguage::en: return Language::en;
    case TextLanguage::ru: return Language::ru;
    case TextLanguage::negotiate:
      return http::preferred_language(request.header("Accept-Language").value_or("")).value_or(Language::en);
  }
  return Language::en;
}

/// One range of an Accept header against our two renderers; weights are not looked at (rest_framework/negotiation.py,
/// utils/mediatypes.py).
bool matches_a_renderer(std::string_view range) {
  const std::string_view full = http::trimmed(range.substr(0, range.find(';')));
  const auto slash = full.find('/');
  const std::string_view type = full.substr(0, slash);
  const std::string_view sub_type = slash == full.npos ? std::string_view() : full.substr(slash + 1);
  return ((type == "application" || type == "*") && (sub_type == "json" || sub_type == "*")) ||
         (type == "text" && (sub_type == "html" || sub_type == "*"));
}

bool accepts_json(const http::Request& request) {
  const auto header = request.header("Accept");
  if (!header) return true;
  for (std::string_view rest = *header;;) {
    const bool is_last = rest.find(',') == rest.npos;
    if (matches_a_renderer(http::take_until(rest, ','))) return true;
    if (is_last) return false;
  }
}

/// `?format=`: json, or the browsable api, which is JSON here too.
bool names_a_known_format(const http::Request& request) {
  if (request.query.empty()) return true;
  const auto query = http::parse_urlencoded(request.query);
  const std::string_view format = query ? query->field("format").value_or("") : "";
  return format.empty() || format == "json" || format == "api";
}

/// The format suffix of a path whose last part is free: `5.json`.
bool has_known_suffix(const http::Request& request) {
  if (request.path_parameters.empty()) return true;
  const std::string_view part = request.path_parameters.back().second;
  const auto dot = part.rfind('.');
  return dot == part.npos || part.substr(dot) == ".json" || part.substr(dot) == ".api";
}

/// False: the answer is written.
bool negotiate(const Visit& visit) {
  if (!names_a_known_format(visit.request) || !has_known_suffix(visit.request)) {
    send_detail(visit, 404, Sentence::not_found);
    return false;
  }
  if (accepts_json(visit.request)) return true;
  send_detail(visit, 406, Sentence::not_acceptable);
  return false;
}
}  // namespace

Task<void> serve(Djoser& djoser, const View& view, const http::Request& request, http::Reply& reply) {
  if (http::answer_preflight(djoser.settings.cors, request, view.allow, reply)) co_return;
  Visit visit{djoser, view, request, reply, language_for(djoser, request)};
  if (!negotiate(visit)) co_return;
  const Action* action = find_action(view, request.method);
  const Door door = action ? action->door : view.otherwise;
  if (door != Door::unwatched && !co_await authenticate(visit)) co_return;
  if (door == Door::bearer && !visit.bearer) co_return send_unauthorized(visit, Sentence::not_authenticated);
  if (action) co_return co_await action->handler(visit);
  if (request.method == http::Method::options) co_return send_metadata(visit);
  send_json(visit, 405, detail_of(visit.say(Sentence::method_not_allowed, {{"method", request.method_text}})));
}

}  // namespace propusk::djoser
