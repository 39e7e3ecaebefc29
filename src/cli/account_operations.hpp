// The operator's verbs on accounts, each a few lines over core/admin. Members: operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

/// The account that the member `identifier` names.
Task<core::Result<core::Account>> account_of(const Operation& operation, core::AdministrationDeps deps);

Task<OperationOutcome> account_create(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_show(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_disable(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_enable(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_activate(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_set_email(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_set_password(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_sign_out(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> account_delete(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
