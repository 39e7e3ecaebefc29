// Limits of the process that are set once at start.
#pragma once
#include <cstdint>

namespace propusk::platform {

/// Raises the soft limit of open files to the hard limit and returns the limit now in force. Connections need it: the
/// usual soft limit is 1,024.
std::uint64_t raise_open_file_limit();

/// Opens /dev/null as whichever of the descriptors 0 to 2 is closed, so that no file of ours gets such a number and is
/// written to by mistake. Call it before anything is opened.
void occupy_standard_streams();

/// Keeps passwords and keys out of core dumps and away from other processes of the same user (PR_SET_DUMPABLE). Does
/// nothing in debug builds, where sanitizers and debuggers must attach. True if it is in force.
bool forbid_core_dumps();

}  // namespace propusk::platform
