// Dates as mail headers and as people read them.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/language.hpp"

namespace propusk::platform {

/// RFC 5322 §3.3 in UTC: "Thu, 01 Jan 2026 00:00:00 +0000".
std::string header_date(Instant at);
/// In UTC, said so: "1 January 2026, 14:03 UTC", "1 января 2026 г., 14:03 UTC".
std::string written_date(Instant at, Language language);

}  // namespace propusk::platform
