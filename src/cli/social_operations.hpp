// The operator's verbs on connections to providers, each a few lines over core/admin/social_administration. Members:
// operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

Task<OperationOutcome> social_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> social_disconnect(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
