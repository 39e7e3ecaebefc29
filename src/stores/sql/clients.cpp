// Every statement that changes a client records its effect beside it. Lists are stored as words.
#include "stores/sql/clients.hpp"

#include "base/words.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
std::vector<std::string> list_in(const Statement& row, int column) {
  const std::vector<std::string_view> words = words_of(row.text(column));
  return {words.begin(), words.end()};
}

/// A grant that this version does not know is none.
std::vector<core::ClientGrant> grants_in(const Statement& row, int column) {
  std::vector<core::ClientGrant> grants;
  for (const std::string_view word : words_of(row.text(column)))
    if (const auto grant = core::client_grant(word)) grants.push_back(*grant);
  return grants;
}

std::string names_of(const std::vector<core::ClientGrant>& grants) {
  std::vector<std::string_view> names;
  for (const core::ClientGrant grant : grants) names.push_back(core::row_of(grant).name);
  return joined(names);
}

/// Nothing for a client of a kind or in a state that this version does not know: nobody may act as it.
std::optional<core::Client> client(const Statement& row) {
  const auto kind = core::client_kind(row.text(2));
  const auto state = core::client_state(row.text(11));
  if (!kind || !state) return std::nullopt;
  return core::Client{
      .id = std::string(row.text(0)),
      .name = std::string(row.text(1)),
      .kind = *kind,
      .secret = optional_digest(row, 3),
      .grants = grants_in(row, 4),
      .scopes = list_in(row, 5),
      .backends = list_in(row, 6),
      .redirect_uris = list_in(row, 7),
      .origins = list_in(row, 8),
      .skips_consent = row.integer(9) != 0,
      .introspects = row.integer(10) != 0,
      .state = *state,
      .epoch = row.integer(12),
      .created_at = instant(row, 13),
      .secret_changed_at = instant(row, 14),
  };
}
}  // namespace

std::optional<core::Client> Clients::find(std::string_view id) const {
  auto rows = connection_.query(
      "SELECT id, name, kind, secret, grants, scopes, backends, redirect_uris, origins, skips_consent, introspects, "
      "state, epoch, created_at, secret_changed_at FROM clients WHERE id = $1",
      {id});
  if (!rows.next()) return std::nullopt;
  return client(rows.row());
}

std::vector<core::Client> Clients::list() const {
  std::vector<core::Client> found;
  auto rows = connection_.query(
      "SELECT id, name, kind, secret, grants, scopes, backends, redirect_uris, origins, skips_consent, introspects, "
      "state, epoch, created_at, secret_changed_at FROM clients ORDER BY id",
      {});
  while (rows.next())
    if (auto known = client(rows.row())) found.push_back(std::move(*known));
  return found;
}

bool Clients::insert(const core::Client& client) {
  const std::string grants = names_of(client.grants), scopes = joined(client.scopes),
                    backends = joined(client.backends), redirects = joined(client.redirect_uris),
                    origins = joined(client.origins);
  const auto inserted = connection_.execute(
      "INSERT INTO clients (id, name, kind, secret, grants, scopes, backends, redirect_uris, origins, skips_consent, "
      "introspects, state, epoch, created_at, secret_changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
      {client.id, client.name, core::client_kind_name(client.kind), value(client.secret), grants, scopes, backends,
       redirects, origins, std::int64_t{client.skips_consent}, std::int64_t{client.introspects},
       core::client_state_name(client.state), client.epoch, value(client.created_at), value(client.secret_changed_at)});
  if (!inserted) return false;
  effects_.clients.push_back({client.id, std::make_shared<const core::Client>(client)});
  return true;
}

bool Clients::update(const core::Client& client) {
  const std::string grants = names_of(client.grants), scopes = joined(client.scopes),
                    backends = joined(client.backends), redirects = joined(client.redirect_uris),
                    origins = joined(client.origins);
  const std::size_t updated = connection_.run(
      "UPDATE clients SET name = $2, kind = $3, secret = $4, grants = $5, scopes = $6, backends = $7, "
      "redirect_uris = $8, origins = $9, skips_consent = $10, introspects = $11, state = $12, epoch = $13, "
      "secret_changed_at = $14 WHERE id = $1",
      {client.id, client.name, core::client_kind_name(client.kind), value(client.secret), grants, scopes, backends,
       redirects, origins, std::int64_t{client.skips_consent}, std::int64_t{client.introspects},
       core::client_state_name(client.state), client.epoch, value(client.secret_changed_at)});
  if (updated == 0) return false;
  effects_.clients.push_back({client.id, std::make_shared<const core::Client>(client)});
  return true;
}

bool Clients::erase(std::string_view id) {
  if (connection_.run("DELETE FROM clients WHERE id = $1", {id}) == 0) return false;
  effects_.clients.push_back({std::string(id), nullptr});
  return true;
}

}  // namespace propusk::sql
