// The operator's verbs on registered clients, each a few lines over core/admin/client_administration. Members:
// operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

Task<OperationOutcome> client_create(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_show(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_rotate_secret(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_disable(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_enable(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> client_delete(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
