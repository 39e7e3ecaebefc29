// Fuzzes form reading: the first byte picks the content type, the boundary and the charset; whatever comes out keeps
// the bounds of a form.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "http/form.hpp"
#include "http/form_limits.hpp"

namespace {
template <std::size_t N>
const char* pick(const std::array<const char*, N>& choices, std::size_t& choice) {
  const char* const picked = choices[choice % N];
  choice /= N;
  return picked;
}
constexpr std::array types{"application/x-www-form-urlencoded", "multipart/form-data", "application/json"};
constexpr std::array charsets{"",
                              "; charset=windows-1251",
                              "; charset=koi8-r",
                              "; charset=utf-8",
                              "; charset=shift_jis",
                              "; charset=utf-16",
                              "; charset=iso-2022-jp"};
constexpr std::array boundaries{"; boundary=b", "; boundary=\"a b\"", "; boundary=-"};
// A byte of a charset becomes at most one code point, and that at most four bytes.
constexpr std::size_t growth = 4;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  std::size_t choice = bytes[0];
  std::string type = pick(types, choice);
  type += pick(charsets, choice);
  type += pick(boundaries, choice);
  propusk::http::Request request;
  request.headers = {{"Content-Type", type}};
  request.body = {reinterpret_cast<const char*>(bytes) + 1, size - 1};

  const auto form = propusk::http::read_form(request, {.urlencoded = true, .multipart = true, .json = true});
  if (!form) return 0;
  propusk::require(form->fields().size() <= propusk::http::form_field_limit, "fields are counted");
  for (const auto& [name, value] : form->fields()) {
    propusk::require(name.size() + value.size() <= growth * size, "decoding hardly grows a field");
    const auto read = form->field(name);
    propusk::require(!read || propusk::is_utf8(*read), "a value is UTF-8");
  }
  return 0;
}
