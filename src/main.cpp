// The composition root: this process's arguments, streams and environment meet the command line. The wiring of the
// running server is cli/application, so that tests run the very same one.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <span>
#include <utility>

#include "cli/command.hpp"
#include "cli/direct.hpp"
#include "cli/doctor/examine.hpp"
#include "cli/run.hpp"
#include "cli/serve.hpp"
#include "platform/os_random.hpp"
#include "platform/resource_limits.hpp"
#include "platform/service.hpp"
#include "platform/system_clock.hpp"

int main(int count, char** arguments) try {
  propusk::platform::occupy_standard_streams();
  propusk::cli::Environment environment{
      .input = STDIN_FILENO,
      .out = std::cout,
      .err = std::cerr,
      .variables = {},
      .serve = [](const propusk::cli::ServeOptions& options) { return propusk::cli::serve(options, std::cerr); },
      .open_directly = propusk::cli::open_directly,
      .examine =
          [](const propusk::cli::doctor::Installation& installation) {
            const propusk::platform::SystemClock clock;
            propusk::platform::OsRandom random;
            return propusk::cli::doctor::examine(installation, clock, random);
          },
      .inherited_socket = {},
  };
  for (propusk::platform::InheritedSocket& socket : propusk::platform::inherited_sockets())
    environment.inherited_socket = std::move(socket);
  for (char** variable = environ; *variable; ++variable) environment.variables.emplace_back(*variable);
  return propusk::cli::run(std::span<const char* const>(arguments + 1, static_cast<std::size_t>(count - 1)),
                           environment);
} catch (const std::exception& error) {
  std::cerr << "propusk: " << error.what() << '\n';
  return propusk::cli::ExitCode::unreachable;
}
