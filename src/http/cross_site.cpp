// Fetch Metadata where the browser sends it, Origin or Referer where it does not.
#include "http/cross_site.hpp"

#include <algorithm>

#include "http/ascii.hpp"

namespace propusk::http {

namespace {
/// Scheme and authority of a URI: "https://a.example/x" → "https://a.example".
std::string_view origin_part(std::string_view uri) {
  const auto authority = uri.find("://");
  if (authority == std::string_view::npos) return uri;
  return uri.substr(0, uri.find_first_of("/?#", authority + 3));
}

/// "" if the headers name no site.
std::string_view sender(const Request& request) {
  const std::string_view origin = request.header("Origin").value_or("");
  return origin.empty() ? origin_part(request.header("Referer").value_or("")) : origin;
}

bool is_own(const CrossSiteGate& gate, const Request& request, std::string_view origin) {
  if (same_text(origin, gate.public_origin)) return true;
  if (!gate.on_loopback || request.host().empty()) return false;
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const std::string_view scheme = origin.substr(0, scheme_end);
  return (same_text(scheme, "http") || same_text(scheme, "https")) &&
         same_text(origin.substr(scheme_end + 3), request.host());
}
}  // namespace

bool is_cross_site(const CrossSiteGate& gate, const Request& request) {
  const std::string_view from = sender(request);
  if (const auto site = request.header("Sec-Fetch-Site")) {
    if (*site == "same-origin" || *site == "none") return false;
    if (*site != "same-site" || from.empty()) return true;
    return std::ranges::none_of(gate.listed_origins,
                                [&](const std::string& listed) { return same_text(listed, from); });
  }
  return !from.empty() && !is_own(gate, request, from);
}

bool is_prefetch(const Request& request) {
  for (const char* name : {"Sec-Purpose", "Purpose"}) {
    std::string_view rest = request.header(name).value_or("");
    while (!rest.empty()) {
      const std::string_view purpose = trimmed(take_until(rest, ';'));
      if (same_text(purpose, "prefetch") || same_text(purpose, "prerender")) return true;
    }
  }
  return false;
}

}  // namespace propusk::http
