// The operator's verbs on mail, each a few lines over core/admin/mail_administration. Members: operations.hpp.
#pragma once
#include "base/task.hpp"
#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {

Task<OperationOutcome> mail_list(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> mail_show(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> mail_retry(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> mail_drop(const Operation& operation, core::AdministrationDeps deps);
Task<OperationOutcome> mail_test(const Operation& operation, core::AdministrationDeps deps);

}  // namespace propusk::cli
