// The page that leads on: `Refresh` is for browsers what 302 would be.
#include "web/onward.hpp"

namespace propusk::web {

std::string_view host_of(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return url.substr(0, url.find(':'));
  const std::string_view rest = url.substr(scheme_end + 3);
  return rest.substr(0, rest.find_first_of("/?"));
}

void send_onward(const Visit& visit, const std::string& url) {
  send_notice(visit, {.status = 200,
                      .title = Text::onward_title,
                      .sentences = {filled(Text::onward_lead, visit.language, host_of(url))},
                      .way = Way{url, Text::onward_way}});
  visit.reply.header("Refresh", "0; url=" + url);
}

}  // namespace propusk::web
