// Audit: the audit port as SQL.
#pragma once
#include "core/audit/audit.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/audit/audit.hpp. Events of an action that this version does not know are not listed.
class Audit final : public core::AuditStore {
 public:
  explicit Audit(Connection& connection) : connection_(connection) {}

  void append(const core::AuditEvent& event) override;
  [[nodiscard]] std::vector<core::AuditEvent> list(std::optional<core::AccountId> account,
                                                   std::size_t limit) const override;

 private:
  Connection& connection_;
};

}  // namespace propusk::sql
