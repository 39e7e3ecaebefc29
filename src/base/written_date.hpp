// Dates as people read them.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/language.hpp"

namespace propusk {

/// The day in UTC: "1 January 2026", "1 января 2026 г.".
std::string written_day(Instant at, Language language);
/// In UTC, said so: "1 January 2026, 14:03 UTC", "1 января 2026 г., 14:03 UTC".
std::string written_date(Instant at, Language language);

}  // namespace propusk
