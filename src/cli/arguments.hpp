// The command line: its grammar and its help.
#pragma once
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace propusk::cli {

/// Why there is no command to run: help was asked for, or the line is wrong.
struct Stopped {
  ExitCode code;
  std::string text;  ///< for standard output if code is done, else for standard error
};

/// Understands `arguments` (without the program's name). `variables` is the environment as `NAME=value`: under systemd,
/// STATE_DIRECTORY is the default of --data. No arguments at all mean `serve`.
std::expected<Command, Stopped> parse_arguments(std::span<const char* const> arguments,
                                                const std::vector<std::string>& variables);

}  // namespace propusk::cli
