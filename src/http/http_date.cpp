// Digits by hand: strftime depends on the locale and costs ten times as much.
#include "http/http_date.hpp"

#include <algorithm>
#include <chrono>

namespace propusk::http {

namespace {
constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_number(char* to, int digits, unsigned value) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}
}  // namespace

std::array<char, 29> http_date_text(Instant at) {
  using namespace std::chrono;
  constexpr Instant last = sys_days{year{9999} / 12 / 31} + hours{23} + minutes{59} + seconds{59};
  at = std::min(at, last);
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(at - day)};

  std::array<char, 29> out;
  std::ranges::copy(std::string_view("Xxx, 00 Xxx 0000 00:00:00 GMT"), out.begin());
  std::ranges::copy(weekdays.substr(3 * weekday{day}.c_encoding(), 3), out.begin());
  put_number(&out[5], 2, unsigned{date.day()});
  std::ranges::copy(months.substr(3 * (unsigned{date.month()} - 1), 3), out.begin() + 8);
  put_number(&out[12], 4, static_cast<unsigned>(int{date.year()}));
  put_number(&out[17], 2, static_cast<unsigned>(time.hours().count()));
  put_number(&out[20], 2, static_cast<unsigned>(time.minutes().count()));
  put_number(&out[23], 2, static_cast<unsigned>(time.seconds().count()));
  return out;
}

std::string http_date(Instant at) {
  const auto text = http_date_text(at);
  return {text.data(), text.size()};
}

std::optional<Instant> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 29) return std::nullopt;
  const auto day_number = number(text.substr(5, 2)), year_number = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
             second = number(text.substr(23, 2));
  const auto month_at = months.find(text.substr(8, 3));
  if (!day_number || !year_number || !hour || !minute || !second || month_at == std::string_view::npos)
    return std::nullopt;
  const auto date =
      year{static_cast<int>(*year_number)} / static_cast<int>(month_at / 3 + 1) / static_cast<int>(*day_number);
  if (!date.ok()) return std::nullopt;

  const Instant at = sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second};
  const auto written = http_date_text(at);  // what is not written back the same was not a date of this form
  if (std::string_view(written.data(), written.size()) != text) return std::nullopt;
  return at;
}

void DateLine::refresh(Deadline now) {
  const Instant wall = clock_.now();
  const auto text = http_date_text(wall);
  std::ranges::copy(std::string_view("Date: "), line_.begin());
  std::ranges::copy(text, line_.begin() + 6);
  line_[35] = '\r';
  line_[36] = '\n';
  next_ = now + (std::chrono::floor<seconds>(wall) + seconds{1} - wall);
}

}  // namespace propusk::http
