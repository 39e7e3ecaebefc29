// The method names, in the order of the enumeration.
#include "http/method.hpp"

#include <array>
#include <cstddef>

namespace propusk::http {

namespace {
constexpr std::array<std::string_view, 7> names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
}

Method method_of(std::string_view token) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == token) return static_cast<Method>(i);
  }
  return Method::other;
}

std::string_view method_name(Method method) {
  const auto i = static_cast<std::size_t>(method);
  return i < names.size() ? names[i] : "OTHER";
}

}  // namespace propusk::http
