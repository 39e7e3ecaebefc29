// propusk restore: a backup in the place of the configured store, with everything ended that could let somebody in.
#pragma once
#include "cli/whole_store/work.hpp"

namespace propusk::cli::whole_store {

/// The exit code. All of the backup is there afterwards, or the store is as it was.
int restore(const Work& work);

}  // namespace propusk::cli::whole_store
