// The trail of an operator's verb: an audit event, drawn before its transaction.
#pragma once
#include <optional>
#include <string>
#include <utility>

#include "core/admin/administration.hpp"

namespace propusk::core {

inline AuditEvent operator_event(AuditAction action, std::optional<AccountId> account, const Operator& by,
                                 const AdministrationDeps& deps, std::string detail = "") {
  return {.id = new_audit_id(deps.random),
          .at = deps.clock.now(),
          .action = action,
          .account = account,
          .actor = by.name,
          .detail = std::move(detail)};
}

}  // namespace propusk::core
