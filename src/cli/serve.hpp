// serve: the life of the server process: limits, signals, systemd, and an exit code.
#pragma once
#include <ostream>

#include "cli/run.hpp"

namespace propusk::cli {

/// Serves until SIGTERM or SIGINT, then drains. SIGHUP reloads. Returns an ExitCode; a start that fails says why on
/// `err`.
int serve(const ServeOptions& options, std::ostream& err);

}  // namespace propusk::cli
