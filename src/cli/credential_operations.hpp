// The operator's verbs on sessions and tokens, each a few lines over core/admin/credential_administration. Members:
// operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

Task<OperationOutcome> session_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> session_revoke(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> token_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> token_revoke(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> token_revoke_all(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
