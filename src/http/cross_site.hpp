// The cross-site gate: whether a browser sends this request on behalf of another site (DESIGN.md §6.9).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"

namespace propusk::http {

struct CrossSiteGate {
  std::string public_origin;                ///< "https://id.example": what Origin must equal
  std::vector<std::string> listed_origins;  ///< siblings that may send Sec-Fetch-Site: same-site
  bool on_loopback = false;                 ///< then an Origin that equals http(s)://Host passes too
};

/// True if the request comes from a foreign site: Sec-Fetch-Site `cross-site`, `same-site` from an origin that is not
/// listed, or, without Sec-Fetch-Site, an Origin (else a Referer) that is not ours. `same-origin` and `none` pass, and
/// native clients, which send none of these headers, pass. An empty Origin or Referer is an absent one; `null` is
/// foreign.
bool is_cross_site(const CrossSiteGate& gate, const Request& request);
/// True if the browser only prefetches or prerenders (Sec-Purpose, Purpose).
bool is_prefetch(const Request& request);

}  // namespace propusk::http
