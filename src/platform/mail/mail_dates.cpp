// The names of the months are all that is needed of ICU's i18n library, so they stand here.
#include "platform/mail/mail_dates.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace propusk::platform {
namespace {
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
using Months = std::array<std::string_view, 12>;
constexpr Months months{"January", "February", "March",     "April",   "May",      "June",
                        "July",    "August",   "September", "October", "November", "December"};
constexpr Months months_ru{"января", "февраля", "марта",    "апреля",  "мая",    "июня",
                           "июля",   "августа", "сентября", "октября", "ноября", "декабря"};

struct Moment {
  std::chrono::sys_days day;
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss<seconds> time;
  [[nodiscard]] std::string_view month(const Months& names) const {
    return names[static_cast<unsigned>(date.month()) - 1];
  }
};
Moment moment(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {.day = day, .time = std::chrono::hh_mm_ss(std::chrono::floor<seconds>(at - day))};
}
}  // namespace

std::string header_date(Instant at) {
  const Moment when = moment(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     weekdays[std::chrono::weekday(when.day).c_encoding()], static_cast<unsigned>(when.date.day()),
                     when.month(months).substr(0, 3), static_cast<int>(when.date.year()), when.time.hours().count(),
                     when.time.minutes().count(), when.time.seconds().count());
}

std::string written_date(Instant at, Language language) {
  const Moment when = moment(at);
  const auto write = [&when](fmt::format_string<unsigned, std::string_view, int, long, long> form,
                             const Months& names) {
    return fmt::format(form, static_cast<unsigned>(when.date.day()), when.month(names),
                       static_cast<int>(when.date.year()), when.time.hours().count(), when.time.minutes().count());
  };
  switch (language) {
    case Language::en: return write("{} {} {}, {:02}:{:02} UTC", months);
    case Language::ru: return write("{} {} {} г., {:02}:{:02} UTC", months_ru);
  }
  return {};
}

}  // namespace propusk::platform
