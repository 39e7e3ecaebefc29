// Fuzzes the JSON string of the envelope: printable ASCII whatever comes in, and a JSON parser reads back what went in.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "dialects/envelope/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::string written = propusk::envelope::json_string(input);
  for (const char c : written) propusk::require(c >= ' ' && c <= '~', "only printable ASCII is written");
  const boost::json::string read = boost::json::parse(written).as_string();
  if (propusk::is_utf8(input)) propusk::require(std::string_view(read) == input, "a text reads back as itself");
  return 0;
}
