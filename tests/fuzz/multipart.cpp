// Fuzzes the multipart decoder: whatever comes out keeps the bounds of a form.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "http/form.hpp"
#include "http/form_limits.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto form = propusk::http::parse_multipart(input, "b");
  if (!form) return 0;
  propusk::require(form->fields().size() <= propusk::http::form_field_limit, "fields are counted");
  for (const auto& [name, value] : form->fields()) {
    propusk::require(name.size() + value.size() <= size, "decoding never grows a field");
    (void)form->field(name);
  }
  return 0;
}
