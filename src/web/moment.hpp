// Moments as machines read them.
#pragma once
#include <chrono>
#include <string>

#include "base/clock.hpp"

namespace propusk::web {

/// RFC 3339 in UTC with whole seconds: `2026-02-28T09:30:00Z`.
inline std::string stamp(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  const auto padded = [](long number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(date.year())) + "-" + padded(static_cast<unsigned>(date.month())) + "-" +
         padded(static_cast<unsigned>(date.day())) + "T" + padded(time.hours().count()) + ":" +
         padded(time.minutes().count()) + ":" + padded(time.seconds().count()) + "Z";
}

}  // namespace propusk::web
