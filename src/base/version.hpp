// The version of this binary, in one place.
#pragma once
#include <string_view>

namespace propusk {
inline constexpr std::string_view version = "0.1.0";
}
