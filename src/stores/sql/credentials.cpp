// Every statement that changes who is live records its effect beside it.
#include "stores/sql/credentials.hpp"

#include <algorithm>

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
seconds idle(const Statement& row, int column) {
  return std::chrono::duration_cast<seconds>(microseconds{row.integer(column)});
}

/// Of three columns: client, client_epoch, scope.
std::optional<core::CredentialTerms> terms(const Statement& row, int first) {
  if (row.is_null(first)) return std::nullopt;
  return core::CredentialTerms{.client = std::string(row.text(first)),
                               .client_epoch = row.integer(first + 1),
                               .scope = std::string(row.text(first + 2))};
}

std::optional<core::Credential> credential(const Statement& row) {
  const auto kind = core::credential_kind(row.text(1));
  if (!kind) return std::nullopt;
  return core::Credential{
      .digest = digest(row, 0),
      .kind = *kind,
      .account = account_id(row, 2),
      .epoch = row.integer(3),
      .prefix = std::string(row.text(4)),
      .label = std::string(row.text(5)),
      .created_at = instant(row, 6),
      .seen_at = instant(row, 7),
      .expires_at = instant(row, 8),
      .idle = idle(row, 9),
      .terms = terms(row, 10),
      .parent = optional_digest(row, 13),
  };
}

core::Effects::Opened opened(const core::Credential& credential, bool is_new) {
  return {credential.digest, core::live_of(credential), credential.terms, is_new};
}
}  // namespace

std::optional<core::Credential> Credentials::find(const Digest& digest) const {
  auto rows = connection_.query(
      "SELECT digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, idle, "
      "client, client_epoch, scope, parent FROM credentials "
      "WHERE digest = $1",
      {value(digest)});
  if (!rows.next()) return std::nullopt;
  return credential(rows.row());
}

std::optional<core::CredentialStore::Held> held(const Statement& row) {
  auto known = credential(row);
  if (!known) return std::nullopt;
  const bool is_in_force = !known->terms || (!row.is_null(16) && row.integer(16) == known->terms->client_epoch &&
                                             core::client_state(row.text(17)) == core::ClientState::active);
  return core::CredentialStore::Held{*std::move(known), {row.integer(14), state(row, 15)}, is_in_force};
}

std::optional<core::CredentialStore::Held> Credentials::find_held(const Digest& digest) const {
  auto rows = connection_.query(
      "SELECT digest, credentials.kind, account, credentials.epoch, prefix, label, credentials.created_at, seen_at, "
      "expires_at, idle, client, client_epoch, scope, parent, accounts.epoch, accounts.state, clients.epoch, "
      "clients.state FROM credentials JOIN accounts ON accounts.id = account LEFT JOIN clients ON clients.id = client "
      "WHERE digest = $1",
      {value(digest)});
  return rows.next() ? held(rows.row()) : std::nullopt;
}

std::optional<core::AccountStanding> Credentials::standing(core::AccountId account) const {
  auto rows = connection_.query("SELECT epoch, state FROM accounts WHERE id = $1", {value(account)});
  if (!rows.next()) return std::nullopt;
  return core::AccountStanding{rows.row().integer(0), state(rows.row(), 1)};
}

std::vector<core::Credential> Credentials::list(core::AccountId account) const {
  std::vector<core::Credential> found;
  auto rows = connection_.query(
      "SELECT digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, idle, "
      "client, client_epoch, scope, parent FROM credentials "
      "WHERE account = $1 ORDER BY created_at DESC, digest",
      {value(account)});
  while (rows.next())
    if (auto known = credential(rows.row())) found.push_back(std::move(*known));
  return found;
}

bool Credentials::has_from(core::AccountId account, std::string_view prefix) const {
  auto rows = connection_.query("SELECT 1 FROM credentials WHERE account = $1 AND prefix = $2 LIMIT 1",
                                {value(account), prefix});
  return rows.next();
}

bool Credentials::has_labelled(core::AccountId account, std::string_view label) const {
  if (label.empty()) return false;
  auto rows =
      connection_.query("SELECT 1 FROM credentials WHERE account = $1 AND label = $2 LIMIT 1", {value(account), label});
  return rows.next();
}

void Credentials::insert(const core::Credential& credential) {
  const auto& terms = credential.terms;
  connection_.run(
      "INSERT INTO credentials (digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, "
      "idle, client, client_epoch, scope, parent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {value(credential.digest), core::row_of(credential.kind).name, value(credential.account), credential.epoch,
       credential.prefix, credential.label, value(credential.created_at), value(credential.seen_at),
       value(credential.expires_at), microseconds(credential.idle).count(),
       terms ? Value(std::string_view(terms->client)) : Value(nullptr), terms ? terms->client_epoch : 0,
       terms ? std::string_view(terms->scope) : std::string_view(), value(credential.parent)});
  effects_.opened.push_back(opened(credential, true));
}

bool Credentials::open_again(Rows rows) {
  bool found = false;
  while (rows.next()) {
    const auto changed = credential(rows.row());
    found = changed.has_value();
    if (found) effects_.opened.push_back(opened(*changed, false));
  }
  return found;
}

bool Credentials::extend(const Digest& digest, Instant expires_at) {
  return open_again(
      connection_.query("UPDATE credentials SET expires_at = $1 WHERE digest = $2 "
                        "RETURNING digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, idle, "
                        "client, client_epoch, scope, parent",
                        {value(expires_at), value(digest)}));
}

void Credentials::move_to_epoch(const Digest& digest, core::Epoch epoch) {
  open_again(
      connection_.query("UPDATE credentials SET epoch = $1 WHERE digest = $2 "
                        "OR digest = (SELECT parent FROM credentials WHERE digest = $2) "
                        "RETURNING digest, kind, account, epoch, prefix, label, created_at, seen_at, expires_at, idle, "
                        "client, client_epoch, scope, parent",
                        {epoch, value(digest)}));
}

std::optional<core::RefreshChain> Credentials::find_chain(const Digest& credential) const {
  auto rows = connection_.query(
      "SELECT credential, current_token, previous_token, successor, rotated_at, rotations FROM refresh_chains "
      "WHERE credential = $1",
      {value(credential)});
  if (!rows.next()) return std::nullopt;
  const Statement& row = rows.row();
  core::RefreshChain chain{.credential = sql::digest(row, 0),
                           .current = sql::digest(row, 1),
                           .previous = {},
                           .rotated_at = instant(row, 4),
                           .rotations = row.integer(5)};
  if (!row.is_null(2)) chain.previous = sql::digest(row, 2);
  const auto successor = row.bytes(3);
  require(successor.size() == chain.successor.size(), "a sealed token id has 16 bytes, says the table");
  std::ranges::copy(successor, chain.successor.begin());
  return chain;
}

void Credentials::put_chain(const core::RefreshChain& chain) {
  connection_.run(
      "INSERT INTO refresh_chains (credential, current_token, previous_token, successor, rotated_at, rotations) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential) DO UPDATE SET current_token = $2, "
      "previous_token = $3, successor = $4, rotated_at = $5, rotations = $6",
      {value(chain.credential), value(chain.current), value(chain.previous),
       std::span<const std::byte>(chain.successor), value(chain.rotated_at), chain.rotations});
}

bool Credentials::end(Rows rows) {
  bool found = false;
  while (rows.next()) {
    found = true;
    effects_.ended.push_back(digest(rows.row(), 0));
  }
  return found;
}

bool Credentials::erase(const Digest& digest) {
  const bool erased =
      end(connection_.query("DELETE FROM credentials WHERE digest = $1 RETURNING digest", {value(digest)}));
  if (erased) end(connection_.query("DELETE FROM credentials WHERE parent = $1 RETURNING digest", {value(digest)}));
  return erased;
}

// The LIMIT is beyond any count: SQLite takes no OFFSET without one.
void Credentials::keep_newest(core::AccountId account, core::CredentialKind kind, std::size_t count) {
  const std::size_t before = effects_.ended.size();
  end(connection_.query(
      "DELETE FROM credentials WHERE digest IN (SELECT digest FROM credentials WHERE account = $1 AND kind = $2 "
      "ORDER BY created_at DESC LIMIT 1000000 OFFSET $3) RETURNING digest",
      {value(account), core::row_of(kind).name, static_cast<std::int64_t>(count)}));
  const std::vector<Digest> ended(effects_.ended.begin() + static_cast<std::ptrdiff_t>(before), effects_.ended.end());
  for (const Digest& each : ended)
    end(connection_.query("DELETE FROM credentials WHERE parent = $1 RETURNING digest", {value(each)}));
}

void Credentials::keep_newest_under(const Digest& parent, std::size_t count) {
  end(
      connection_.query("DELETE FROM credentials WHERE digest IN (SELECT digest FROM credentials WHERE parent = $1 "
                        "ORDER BY created_at DESC LIMIT 1000000 OFFSET $2) RETURNING digest",
                        {value(parent), static_cast<std::int64_t>(count)}));
}

// What was issued under an erased sign-in of the client lives on by itself, until its own time.
bool Credentials::erase_of_client(core::AccountId account, std::string_view client, core::CredentialKind kind) {
  connection_.run(
      "UPDATE credentials SET parent = NULL WHERE account = $1 AND client = $2 AND parent IN "
      "(SELECT digest FROM credentials WHERE account = $1 AND client = $2 AND kind = $3)",
      {value(account), client, core::row_of(kind).name});
  return end(
      connection_.query("DELETE FROM credentials WHERE account = $1 AND client = $2 AND kind = $3 RETURNING digest",
                        {value(account), client, core::row_of(kind).name}));
}

void Credentials::note_seen(const Digest& digest, Instant at) {
  connection_.run("UPDATE credentials SET seen_at = $1 WHERE digest = $2", {value(at), value(digest)});
}

std::size_t Credentials::erase_expired(Instant at, std::size_t limit) {
  return connection_.run(
      "DELETE FROM credentials WHERE digest IN "
      "(SELECT digest FROM credentials WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      {value(at), static_cast<std::int64_t>(limit)});
}

}  // namespace propusk::sql
