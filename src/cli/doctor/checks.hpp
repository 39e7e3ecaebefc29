// The checks: each looks at one subject and changes nothing. A new one is a function here and a row in examine.cpp.
#pragma once
#include "base/clock.hpp"
#include "base/finding.hpp"
#include "base/random.hpp"
#include "cli/doctor/installation.hpp"
#include "stores/examine.hpp"

namespace propusk::cli::doctor {

/// What a check looks at, and what it needs for that.
struct Ward {
  const Installation& installation;
  const stores::Examination& store;  ///< what the database says, which is asked once
  const Clock& clock;
  Random& random;
};

/// One per file of this folder. May throw Outage for what it did not expect.
Findings configuration(const Ward& ward);
Findings listener(const Ward& ward);
Findings certificate(const Ward& ward);
Findings directory(const Ward& ward);
Findings store(const Ward& ward);
Findings keys(const Ward& ward);
Findings mail(const Ward& ward);
Findings providers(const Ward& ward);
Findings cross_origin(const Ward& ward);
Findings machine(const Ward& ward);

}  // namespace propusk::cli::doctor
