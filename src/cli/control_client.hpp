// The operator's side of the control socket.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <expected>
#include <filesystem>
#include <string>

namespace propusk::cli {

/// Sends one request and returns the answer. Blocks for at most `patience` per step. The error is a sentence that names
/// the socket and what to do.
std::expected<boost::json::object, std::string> ask_server(const std::filesystem::path& socket,
                                                           const boost::json::object& request,
                                                           std::chrono::seconds patience);

}  // namespace propusk::cli
