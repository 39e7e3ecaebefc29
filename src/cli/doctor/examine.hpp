// examine(): every check of the doctor, one after the other.
#pragma once
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/finding.hpp"
#include "base/random.hpp"
#include "cli/doctor/installation.hpp"

namespace propusk::cli::doctor {

struct Told {
  std::string_view subject;
  Finding finding;
};

/// In the order of the checks. Changes nothing, and needs no server to be stopped. Speaks to the mail servers,
/// providers and database of the configuration.
std::vector<Told> examine(const Installation& installation, const Clock& clock, Random& random);

}  // namespace propusk::cli::doctor
