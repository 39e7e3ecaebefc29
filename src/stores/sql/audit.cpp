// Two list statements instead of one with an OR, so that each has its index in every database.
#include "stores/sql/audit.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
std::optional<core::AuditAction> action(std::string_view name) {
  for (std::size_t i = 0; i < core::audit_action_count; ++i)
    if (const auto known = static_cast<core::AuditAction>(i); core::audit_action_name(known) == name) return known;
  return std::nullopt;
}

std::vector<core::AuditEvent> all(Rows rows) {
  std::vector<core::AuditEvent> events;
  while (rows.next()) {
    const auto& row = rows.row();
    const auto known = action(row.text(2));
    if (!known) continue;
    events.push_back({.id = row.integer(1),
                      .at = instant(row, 0),
                      .action = *known,
                      .account = row.is_null(3) ? std::nullopt : std::optional(account_id(row, 3)),
                      .actor = std::string(row.text(4)),
                      .detail = std::string(row.text(5))});
  }
  return events;
}
}  // namespace

void Audit::append(const core::AuditEvent& event) {
  connection_.run("INSERT INTO audit_events (at, id, action, account, actor, detail) VALUES ($1, $2, $3, $4, $5, $6)",
                  {value(event.at), event.id, core::audit_action_name(event.action), value(event.account), event.actor,
                   event.detail});
}

std::vector<core::AuditEvent> Audit::list(std::optional<core::AccountId> account, std::size_t limit) const {
  const auto at_most = static_cast<std::int64_t>(limit);
  if (account)
    return all(
        connection_.query("SELECT at, id, action, account, actor, detail FROM audit_events WHERE account = $1 "
                          "ORDER BY at DESC, id DESC LIMIT $2",
                          {value(*account), at_most}));
  return all(connection_.query(
      "SELECT at, id, action, account, actor, detail FROM audit_events ORDER BY at DESC, id DESC LIMIT $1", {at_most}));
}

}  // namespace propusk::sql
