// HTTP request methods that routes can name.
#pragma once
#include <cstdint>
#include <string_view>

namespace propusk::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
/// Case-sensitive, as RFC 9110 §9.1 says: `get` is other.
Method method_of(std::string_view token);
std::string_view method_name(Method method);

}  // namespace propusk::http
