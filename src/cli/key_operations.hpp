// The operator's verbs on signing keys, over core/admin/key_administration. Members: operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

Task<OperationOutcome> key_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> key_rotate(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
