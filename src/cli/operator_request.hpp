// The operator's side of operations: from a command to requests, from answers to output.
#pragma once
#include <boost/json/object.hpp>
#include <expected>
#include <iosfwd>
#include <string>

#include "cli/command.hpp"
#include "cli/run.hpp"

namespace propusk::cli {

/// The request of an operator's command. Reads a password or a confirmation from `input` where the verb needs one; the
/// error is a sentence.
std::expected<boost::json::object, std::string> operator_request(const Command& command, int input,
                                                                 std::ostream& prompts);

/// Asks, page by page where there are several, and writes what comes: data to `out`, messages to `err`. The exit code.
int show_answers(const Command& command, const Ask& ask, boost::json::object request, std::ostream& out,
                 std::ostream& err);

}  // namespace propusk::cli
