// Whose scripts may call, beyond what the shape of an origin says.
#include <fmt/format.h>

#include "cli/doctor/checks.hpp"

namespace propusk::cli::doctor {

Findings cross_origin(const Ward& ward) {
  Findings findings;
  for (const std::string& origin : ward.installation.settings().cors.origins)
    if (origin.starts_with("http://") && !is_of_this_machine(origin))
      findings.push_back(error(fmt::format("cors.origins has {}; whoever is in the network of its people can put "
                                           "scripts into it, which then may call",
                                           origin),
                               "serve that app over TLS and write https://"));
  return findings;
}

}  // namespace propusk::cli::doctor
