// Every migration this binary knows, oldest first, with its text inside the binary.
#pragma once
#include <span>

#include "stores/sql/migrate.hpp"

namespace propusk::sql {

/// In the order in which they are applied. Forward only: an applied text never changes, a new one is appended.
std::span<const Migration> all_migrations();

}  // namespace propusk::sql
