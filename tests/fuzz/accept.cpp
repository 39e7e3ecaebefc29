// Fuzzes content negotiation and dates: an answer names an offer, a date is written back the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "http/accept.hpp"
#include "http/http_date.hpp"
#include "http/media_type.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static constexpr std::array<std::string_view, 3> offers = {"text/html", "application/json", "ru-ru"};
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  propusk::require(propusk::http::best_media_type(input, offers).value_or(0) < offers.size(), "an offer is chosen");
  propusk::require(propusk::http::best_language(input, offers).value_or(0) < offers.size(), "an offer is chosen");
  if (const auto date = propusk::http::parse_http_date(input))
    propusk::require(propusk::http::http_date(*date) == input, "dates are exact");
  (void)propusk::http::MediaType(input).parameter("boundary");
  return 0;
}
