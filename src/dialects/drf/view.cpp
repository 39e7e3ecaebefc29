// The order of checks is the framework's: it decides what a bad request is told first.
#include "dialects/drf/view.hpp"

#include <algorithm>

#include "dialects/drf/wire.hpp"
#include "http/accept.hpp"
#include "http/ascii.hpp"
#include "http/form.hpp"

namespace propusk::drf {
namespace {
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

/// What a method does to what it names: a token whose scope is `read` alone may only look.
core::Access access_of(http::Method method) {
  const bool is_safe = method == http::Method::get || method == http::Method::head || method == http::Method::options;
  return is_safe ? core::Access::read : core::Access::write;
}
}  // namespace

Language language_for(const Site& site, const http::Request& request) {
  switch (site.language) {
    case TextLanguage::en: return Language::en;
    case TextLanguage::ru: return Language::ru;
    case TextLanguage::negotiate:
      return http::preferred_language(request.header("Accept-Language").value_or("")).value_or(Language::en);
  }
  return Language::en;
}

bool negotiate(const Visit& visit) {
  if (!names_a_known_format(visit.request) || !has_known_suffix(visit.request)) {
    send_detail(visit, 404, Sentence::not_found);
    return false;
  }
  if (accepts_json(visit.request)) return true;
  send_detail(visit, 406, Sentence::not_acceptable);
  return false;
}
Task<bool> let_in(Visit& visit, Door door) {
  if (door != Door::unwatched && !co_await authenticate(visit)) co_return false;
  if (door == Door::bearer && !visit.bearer) {
    send_unauthorized(visit, Sentence::not_authenticated);
    co_return false;
  }
  if (!core::permits(visit.terms.get(), access_of(visit.request.method))) {
    send_detail(visit, 403, Sentence::permission_denied);
    co_return false;
  }
  co_return true;
}

void send_without_action(const Visit& visit, std::string_view actions) {
  if (visit.request.method == http::Method::options) return send_metadata(visit, actions);
  send_json(visit, 405, detail_of(visit.say(Sentence::method_not_allowed, {{"method", visit.request.method_text}})));
}

}  // namespace propusk::drf
