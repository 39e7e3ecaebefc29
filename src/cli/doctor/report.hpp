// What the doctor found, as an operator or a script reads it.
#pragma once
#include <iosfwd>
#include <vector>

#include "cli/command.hpp"
#include "cli/doctor/examine.hpp"

namespace propusk::cli::doctor {

/// One line, or one JSON object, per finding. `done` if nothing is to be done, else `refused`.
ExitCode report(const std::vector<Told>& all, bool as_json, std::ostream& out);

}  // namespace propusk::cli::doctor
