// The drivers know what is wrong with a database.
#include "cli/doctor/checks.hpp"

namespace propusk::cli::doctor {

Findings store(const Ward& ward) { return ward.store.findings; }

}  // namespace propusk::cli::doctor
