// Dates as mail headers write them.
#pragma once
#include <string>

#include "base/clock.hpp"

namespace propusk::platform {

/// RFC 5322 §3.3 in UTC: "Thu, 01 Jan 2026 00:00:00 +0000".
std::string header_date(Instant at);

}  // namespace propusk::platform
