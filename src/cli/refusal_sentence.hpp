// What an operator reads when the core refuses.
#pragma once
#include <string_view>

#include "core/refusal.hpp"

namespace propusk::cli {

/// A sentence without its full stop, for every refusal.
std::string_view refusal_sentence(core::Refusal refusal);

}  // namespace propusk::cli
