// run(): the whole command line behind main, with everything it touches passed in.
#pragma once
#include <boost/json/object.hpp>
#include <expected>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/doctor/examine.hpp"
#include "config/load.hpp"
#include "platform/service.hpp"

namespace propusk::cli {

struct ServeOptions {
  std::filesystem::path data_directory;
  bool dev = false;
  config::Loaded configuration;
  std::optional<int> inherited_socket;  ///< the public listener, from socket activation
};

/// Performs one request of operations.hpp and returns its answer. Copies work on the same store.
using Ask = std::function<boost::json::object(boost::json::object request)>;

struct DirectOptions {
  std::filesystem::path data_directory;
  bool may_create = false;  ///< account create may be the first thing that happens to a data directory
  config::Settings settings;
};
/// Why the data directory was not opened by this process.
struct NotOpened {
  bool is_taken = false;  ///< another process holds DIR/lock: ask it instead
  std::string why;        ///< a sentence, where is_taken is false
};

/// What a command works with.
struct Environment {
  int input = 0;                           ///< passwords and confirmations are read here
  std::ostream& out;                       ///< data
  std::ostream& err;                       ///< messages and prompts
  std::vector<std::string> variables;      ///< the environment, as `NAME=value`
  std::function<int(ServeOptions)> serve;  ///< runs the server and returns its exit code
  std::function<std::expected<Ask, NotOpened>(DirectOptions)> open_directly;
  /// Every check of the doctor.
  std::function<std::vector<doctor::Told>(const doctor::Installation&)> examine = {};
  /// From socket activation: its address takes the place of server.listen, so that the rules for public listeners hold.
  std::optional<platform::InheritedSocket> inherited_socket = std::nullopt;
};

/// Runs the command of `arguments` (without the program's name) and returns its exit code (command.hpp). An operator's
/// command works on the store itself if it can take DIR/lock, else through DIR/control.sock.
int run(std::span<const char* const> arguments, const Environment& environment);

}  // namespace propusk::cli
