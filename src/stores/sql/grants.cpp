// What lets clients in, and what they hold of their own.
#include "stores/sql/grants.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
/// Of three columns: client, client_epoch, scope.
core::CredentialTerms terms(const Statement& row, int first) {
  return {.client = std::string(row.text(first)),
          .client_epoch = row.integer(first + 1),
          .scope = std::string(row.text(first + 2))};
}

core::Consent consent(const Statement& row) {
  return {.account = account_id(row, 0),
          .client = std::string(row.text(1)),
          .scope = std::string(row.text(2)),
          .given_at = instant(row, 3)};
}
}  // namespace

std::optional<core::AuthorizationCode> Grants::find_code(const Digest& digest) const {
  auto rows = connection_.query(
      "SELECT digest, client, client_epoch, scope, account, epoch, redirect_uri, code_challenge, created_at, "
      "expires_at, "
      "used_at, credential FROM authorization_codes WHERE digest = $1",
      {value(digest)});
  if (!rows.next()) return std::nullopt;
  const Statement& row = rows.row();
  return core::AuthorizationCode{.digest = sql::digest(row, 0),
                                 .terms = terms(row, 1),
                                 .account = account_id(row, 4),
                                 .epoch = row.integer(5),
                                 .redirect_uri = std::string(row.text(6)),
                                 .code_challenge = std::string(row.text(7)),
                                 .created_at = instant(row, 8),
                                 .expires_at = instant(row, 9),
                                 .used_at = optional_instant(row, 10),
                                 .credential = optional_digest(row, 11)};
}

void Grants::insert_code(const core::AuthorizationCode& code) {
  connection_.run(
      "INSERT INTO authorization_codes (digest, client, client_epoch, scope, account, epoch, redirect_uri, "
      "code_challenge, "
      "created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {value(code.digest), code.terms.client, code.terms.client_epoch, code.terms.scope, value(code.account),
       code.epoch, code.redirect_uri, code.code_challenge, value(code.created_at), value(code.expires_at)});
}

bool Grants::use_code(const Digest& digest, const Digest& credential, Instant at) {
  return connection_.run(
             "UPDATE authorization_codes SET used_at = $1, credential = $2 WHERE digest = $3 AND used_at IS NULL",
             {value(at), value(credential), value(digest)}) > 0;
}

std::optional<core::Consent> Grants::find_consent(core::AccountId account, std::string_view client) const {
  auto rows =
      connection_.query("SELECT account, client, scope, given_at FROM consents WHERE account = $1 AND client = $2",
                        {value(account), client});
  if (!rows.next()) return std::nullopt;
  return consent(rows.row());
}

std::vector<core::Consent> Grants::list_consents(core::AccountId account) const {
  std::vector<core::Consent> found;
  auto rows = connection_.query(
      "SELECT account, client, scope, given_at FROM consents WHERE account = $1 ORDER BY given_at DESC, client",
      {value(account)});
  while (rows.next()) found.push_back(consent(rows.row()));
  return found;
}

void Grants::put_consent(const core::Consent& consent) {
  connection_.run(
      "INSERT INTO consents (account, client, scope, given_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (account, client) DO UPDATE SET scope = $3, given_at = $4",
      {value(consent.account), consent.client, consent.scope, value(consent.given_at)});
}

bool Grants::erase_consent(core::AccountId account, std::string_view client) {
  connection_.run("DELETE FROM authorization_codes WHERE account = $1 AND client = $2 AND used_at IS NULL",
                  {value(account), client});
  return connection_.run("DELETE FROM consents WHERE account = $1 AND client = $2", {value(account), client}) > 0;
}

std::optional<core::ClientToken> Grants::find_token(const Digest& digest) const {
  auto rows = connection_.query(
      "SELECT digest, client, client_epoch, scope, created_at, expires_at FROM client_tokens WHERE digest = $1",
      {value(digest)});
  if (!rows.next()) return std::nullopt;
  const Statement& row = rows.row();
  return core::ClientToken{.digest = sql::digest(row, 0),
                           .terms = terms(row, 1),
                           .created_at = instant(row, 4),
                           .expires_at = instant(row, 5)};
}

// The LIMIT is beyond any count: SQLite takes no OFFSET without one.
void Grants::insert_token(const core::ClientToken& token, std::size_t count) {
  connection_.run(
      "INSERT INTO client_tokens (digest, client, client_epoch, scope, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {value(token.digest), token.terms.client, token.terms.client_epoch, token.terms.scope, value(token.created_at),
       value(token.expires_at)});
  connection_.run(
      "DELETE FROM client_tokens WHERE digest IN (SELECT digest FROM client_tokens WHERE client = $1 "
      "ORDER BY created_at DESC, digest LIMIT 1000000 OFFSET $2)",
      {token.terms.client, static_cast<std::int64_t>(count)});
}

bool Grants::erase_token(const Digest& digest) {
  return connection_.run("DELETE FROM client_tokens WHERE digest = $1", {value(digest)}) > 0;
}

std::size_t Grants::erase_expired(Instant at, std::size_t limit) {
  return connection_.run(
             "DELETE FROM authorization_codes WHERE digest IN "
             "(SELECT digest FROM authorization_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
             {value(at), static_cast<std::int64_t>(limit)}) +
         connection_.run(
             "DELETE FROM client_tokens WHERE digest IN "
             "(SELECT digest FROM client_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
             {value(at), static_cast<std::int64_t>(limit)});
}

}  // namespace propusk::sql
