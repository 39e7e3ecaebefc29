// What an operator's command has done, as a sentence.
#pragma once
#include <boost/json/object.hpp>
#include <string>

#include "cli/command.hpp"

namespace propusk::cli {

/// Throws what Boost.JSON throws for a result that lacks a member of its verb (operations.hpp).
std::string message(const Command& command, const boost::json::object& result);

}  // namespace propusk::cli
