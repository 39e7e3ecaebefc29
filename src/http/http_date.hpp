// HTTP dates (RFC 9110 §5.6.7): written as IMF-fixdate, read as IMF-fixdate only.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace propusk::http {

/// "Fri, 20 Nov 2026 15:16:50 GMT". Years beyond 9999 are written as 9999.
std::string http_date(Instant at);
/// The same into 29 characters, without allocation.
std::array<char, 29> http_date_text(Instant at);
/// Nothing for another form, an impossible date or a weekday that does not fit the date.
std::optional<Instant> parse_http_date(std::string_view text);

/// The Date header line of one thread, written again only when the second changes.
class DateLine {
 public:
  explicit DateLine(const Clock& clock) : clock_(clock) {}
  /// "Date: …\r\n". `now` is the caller's last reading of clock.monotonic(): most calls only compare it.
  std::string_view at(Deadline now) {
    if (now >= next_) refresh(now);
    return {line_.data(), line_.size()};
  }

 private:
  void refresh(Deadline now);
  const Clock& clock_;
  Deadline next_{};
  std::array<char, 37> line_{};
};

}  // namespace propusk::http
