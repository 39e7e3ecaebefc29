// propusk store move: the rows of one store into another, verified.
#pragma once
#include "cli/whole_store/work.hpp"

namespace propusk::cli::whole_store {

/// The exit code. What was cut short goes on where it stopped when it is run again.
int move(const Work& work);

}  // namespace propusk::cli::whole_store
