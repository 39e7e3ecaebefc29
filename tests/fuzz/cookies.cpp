// Fuzzes cookie lookup: a value is always a piece of its header.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "http/request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  propusk::http::Request request;
  request.headers = {{"Cookie", input.substr(0, size / 2)}, {"cookie", input.substr(size / 2)}};
  for (std::string_view name : {"a", "sid", ""}) {
    const auto value = request.cookie(name);
    if (!value) continue;
    propusk::require(value->find(';') == std::string_view::npos, "a value ends at its semicolon");
    propusk::require(
        value->empty() || (value->data() >= input.data() && value->data() + value->size() <= input.data() + size),
        "a value is a view");
  }
  return 0;
}
