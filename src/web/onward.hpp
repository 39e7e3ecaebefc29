// Onward: from a form of ours to another site. A redirect would be one that a form leads to, and the policy of our
// pages (CSP form-action) lets forms lead to us alone; so a page leads on by itself.
#pragma once
#include <string>
#include <string_view>

#include "web/page.hpp"

namespace propusk::web {

/// The host and port of an address; the scheme for an app's own without a host.
std::string_view host_of(std::string_view url);
/// 200: a page that goes to `url` at once, with a button for browsers that do not.
void send_onward(const Visit& visit, const std::string& url);

}  // namespace propusk::web
