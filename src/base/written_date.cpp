// The names of the months are all that is needed of ICU's i18n library, so they stand here.
#include "base/written_date.hpp"

#include <array>
#include <string_view>

namespace propusk {
namespace {
using Months = std::array<std::string_view, 12>;
constexpr Months english_months{"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};
constexpr Months russian_months{"января", "февраля", "марта",    "апреля",  "мая",    "июня",
                                "июля",   "августа", "сентября", "октября", "ноября", "декабря"};

std::string padded(long number) { return (number < 10 ? "0" : "") + std::to_string(number); }
}  // namespace

std::string written_day(Instant at, Language language) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at));
  const Months& months = language == Language::ru ? russian_months : english_months;
  std::string out = std::to_string(static_cast<unsigned>(date.day())) + " ";
  out.append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
  out.append(std::to_string(static_cast<int>(date.year())));
  return out.append(language == Language::ru ? " г." : "");
}

std::string written_date(Instant at, Language language) {
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(at - std::chrono::floor<std::chrono::days>(at)));
  return written_day(at, language) + ", " + padded(time.hours().count()) + ":" + padded(time.minutes().count()) +
         " UTC";
}

}  // namespace propusk
