// Direct commands: an operator's command that opens the store itself, because no server runs.
#pragma once
#include <expected>

#include "cli/run.hpp"

namespace propusk::cli {

/// Takes DIR/lock and opens the store; what it returns holds both. NotOpened::is_taken: ask the server instead.
std::expected<Ask, NotOpened> open_directly(const DirectOptions& options);

}  // namespace propusk::cli
