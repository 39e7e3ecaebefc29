// Who is connected to whom.
#include "stores/sql/social_links.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
core::SocialLink link(const Statement& row) {
  return {.provider = std::string(row.text(0)),
          .subject = std::string(row.text(1)),
          .account = account_id(row, 2),
          .is_imported = row.integer(3) != 0,
          .display = std::string(row.text(4)),
          .mailbox = std::string(row.text(5)),
          .created_at = instant(row, 6),
          .used_at = optional_instant(row, 7)};
}
}  // namespace

std::optional<core::SocialLink> SocialLinks::find(std::string_view provider, std::string_view subject) const {
  auto rows = connection_.query(
      "SELECT provider, subject, account, imported, display, mailbox, created_at, used_at FROM social_links "
      "WHERE provider = $1 AND subject = $2",
      {provider, subject});
  if (!rows.next()) return std::nullopt;
  return link(rows.row());
}

std::vector<core::SocialLink> SocialLinks::list(core::AccountId account) const {
  std::vector<core::SocialLink> found;
  auto rows = connection_.query(
      "SELECT provider, subject, account, imported, display, mailbox, created_at, used_at FROM social_links "
      "WHERE account = $1 ORDER BY created_at, provider, subject",
      {value(account)});
  while (rows.next()) found.push_back(link(rows.row()));
  return found;
}

bool SocialLinks::insert(const core::SocialLink& link) {
  return connection_
      .execute(
          "INSERT INTO social_links (provider, subject, account, imported, display, mailbox, created_at, used_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
          {link.provider, link.subject, value(link.account), std::int64_t{link.is_imported}, link.display, link.mailbox,
           value(link.created_at), value(link.used_at)})
      .has_value();
}

void SocialLinks::note_told(const core::SocialLink& link) {
  connection_.run(
      "UPDATE social_links SET display = $1, mailbox = $2, used_at = $3 WHERE provider = $4 AND subject = $5",
      {link.display, link.mailbox, value(link.used_at), link.provider, link.subject});
}

bool SocialLinks::erase(std::string_view provider, std::string_view subject) {
  return connection_.run("DELETE FROM social_links WHERE provider = $1 AND subject = $2", {provider, subject}) > 0;
}

}  // namespace propusk::sql
