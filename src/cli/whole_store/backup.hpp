// propusk backup: everything that a store holds into one file, beside a running server; and whether a file still is
// that.
#pragma once
#include "cli/whole_store/work.hpp"

namespace propusk::cli::whole_store {

/// The exit code.
int back_up(const Work& work);
int verify_backup(const Work& work);

}  // namespace propusk::cli::whole_store
