// The rules that no single value can break: what settings must be together.
#pragma once
#include <vector>

#include "config/load.hpp"

namespace propusk::config {

/// Every rule that `loaded` breaks. A rule that reads one of the keys in `already_wrong` is not judged.
std::vector<Problem> check_together(const Loaded& loaded, const std::vector<std::string>& already_wrong);

}  // namespace propusk::config
