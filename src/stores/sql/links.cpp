// Single use is one conditional UPDATE: whoever changes the row has used the link.
#include "stores/sql/links.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {

namespace {
/// Nothing for a purpose that a newer program has written.
std::optional<core::Link> link_of(const Statement& row) {
  const auto purpose = core::link_purpose(row.text(1));
  if (!purpose) return std::nullopt;
  return core::Link{
      .digest = sql::digest(row, 0),
      .purpose = *purpose,
      .account = account_id(row, 2),
      .epoch = row.integer(3),
      .email = std::string(row.text(4)),
      .created_at = instant(row, 5),
      .expires_at = instant(row, 6),
      .used_at = optional_instant(row, 7),
  };
}
}  // namespace

std::optional<core::Link> Links::find(const Digest& digest) const {
  auto rows = connection_.query(
      "SELECT digest, purpose, account, epoch, email, created_at, expires_at, used_at FROM links WHERE digest = $1",
      {value(digest)});
  return rows.next() ? link_of(rows.row()) : std::nullopt;
}

std::vector<core::Link> Links::list(core::AccountId account) const {
  auto rows = connection_.query(
      "SELECT digest, purpose, account, epoch, email, created_at, expires_at, used_at FROM links WHERE account = $1 "
      "ORDER BY created_at DESC",
      {value(account)});
  std::vector<core::Link> links;
  while (rows.next())
    if (auto link = link_of(rows.row())) links.push_back(*std::move(link));
  return links;
}

void Links::insert(const core::Link& link) {
  connection_.run(
      "INSERT INTO links (digest, purpose, account, epoch, email, created_at, expires_at, used_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {value(link.digest), core::row_of(link.purpose).name, value(link.account), link.epoch, link.email,
       value(link.created_at), value(link.expires_at), value(link.used_at)});
}

bool Links::use(const Digest& digest, Instant at) {
  return connection_.run("UPDATE links SET used_at = $1 WHERE digest = $2 AND used_at IS NULL",
                         {value(at), value(digest)}) > 0;
}

void Links::erase_unused(core::AccountId account, core::LinkPurpose purpose) {
  connection_.run("DELETE FROM links WHERE account = $1 AND purpose = $2 AND used_at IS NULL",
                  {value(account), core::row_of(purpose).name});
}

void Links::erase_unused_since(core::AccountId account, core::LinkPurpose purpose, Instant since) {
  connection_.run("DELETE FROM links WHERE account = $1 AND purpose = $2 AND used_at IS NULL AND created_at >= $3",
                  {value(account), core::row_of(purpose).name, value(since)});
}

std::size_t Links::erase_expired(Instant at, std::size_t limit) {
  return connection_.run(
      "DELETE FROM links WHERE digest IN "
      "(SELECT digest FROM links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      {value(at), static_cast<std::int64_t>(limit)});
}

}  // namespace propusk::sql
