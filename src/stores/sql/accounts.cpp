// One SQL text for every database. The column list is spelled out in each query, because SQL is only ever a literal.
#include "stores/sql/accounts.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
/// The columns of the fields stand in the order of the registry.
core::ProfileFields fields(const Statement& row, int first) {
  core::ProfileFields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = row.text(first + static_cast<int>(i));
  return fields;
}

core::Account account(const Statement& row) {
  return {
      .id = account_id(row, 0),
      .username = std::string(row.text(1)),
      .username_key = std::string(row.text(2)),
      .email = std::string(row.text(3)),
      .email_key = std::string(row.text(4)),
      .email_verified = row.integer(5) != 0,
      .email_claimed = row.integer(6) != 0,
      .password_hash = std::string(row.text(7)),
      .state = state(row, 8),
      .pending_until = optional_instant(row, 16),
      .was_active = row.integer(21) != 0,
      .password_proved = row.integer(22) != 0,
      .epoch = row.integer(9),
      .created_at = instant(row, 10),
      .password_changed_at = instant(row, 11),
      .last_sign_in_at = optional_instant(row, 12),
      .fields = fields(row, 17),
      .language = std::string(row.text(13)),
      .failed_sign_ins = row.integer(14),
      .last_failed_sign_in_at = optional_instant(row, 15),
  };
}

std::optional<core::Account> only(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return account(rows.row());
}

std::vector<core::Account> all(Rows rows) {
  std::vector<core::Account> accounts;
  while (rows.next()) accounts.push_back(account(rows.row()));
  return accounts;
}

core::Inserted inserted(const UniqueViolation& violation) {
  if (violation.constraint == "accounts_id") return core::Inserted::id_taken;
  if (violation.constraint == "accounts_username") return core::Inserted::username_taken;
  if (violation.constraint == "accounts_email_key") return core::Inserted::email_taken;
  throw Outage("database", "a write broke the unknown constraint " + violation.constraint);
}
}  // namespace

std::optional<core::Account> Accounts::find(core::AccountId id) const {
  return only(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE id = $1",
      {value(id)}));
}

std::optional<core::Account> Accounts::find_by_username(std::string_view exact) const {
  return only(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE username = $1",
      {exact}));
}

std::vector<core::Account> Accounts::find_by_username_key(std::string_view key) const {
  return all(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE username_key = $1 ORDER BY id LIMIT 2",
      {key}));
}

std::vector<core::Account> Accounts::find_by_email_key(std::string_view key, std::size_t limit) const {
  return all(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE email_key = $1 AND email_key <> '' "
      "ORDER BY email_verified DESC, email_claimed DESC, created_at, id LIMIT $2",
      {key, static_cast<std::int64_t>(limit)}));
}

std::vector<core::Account> Accounts::list(core::AccountId after, std::size_t limit) const {
  return all(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE id > $1 ORDER BY id LIMIT $2",
      {value(after), static_cast<std::int64_t>(limit)}));
}

std::vector<core::Account> Accounts::lapsed(Instant at, std::size_t limit) const {
  return all(connection_.query(
      "SELECT id, username, username_key, email, email_key, email_verified, email_claimed, password_hash, state, "
      "epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, last_failed_sign_in_at, "
      "pending_until, first_name, last_name, middle_name, phone, was_active, password_proved "
      "FROM accounts WHERE pending_until <= $1 AND state = 'pending' ORDER BY pending_until LIMIT $2",
      {value(at), static_cast<std::int64_t>(limit)}));
}

core::Inserted Accounts::insert(const core::Account& account) {
  const auto done = connection_.execute(
      "INSERT INTO accounts (id, username, username_key, email, email_key, email_verified, email_claimed, "
      "password_hash, state, epoch, created_at, password_changed_at, last_sign_in_at, language, failed_sign_ins, "
      "last_failed_sign_in_at, pending_until, first_name, last_name, middle_name, phone, was_active, "
      "password_proved) VALUES ($1, $2, "
      "$3, $4, $5, "
      "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
      {value(account.id),
       account.username,
       account.username_key,
       account.email,
       account.email_key,
       std::int64_t{account.email_verified},
       std::int64_t{account.email_claimed},
       account.password_hash,
       core::account_state_name(account.state),
       account.epoch,
       value(account.created_at),
       value(account.password_changed_at),
       value(account.last_sign_in_at),
       account.language,
       account.failed_sign_ins,
       value(account.last_failed_sign_in_at),
       value(account.pending_until),
       account.fields[0],
       account.fields[1],
       account.fields[2],
       account.fields[3],
       std::int64_t{account.was_active},
       std::int64_t{account.password_proved}});
  static_assert(std::tuple_size_v<core::ProfileFields> == 4);
  if (!done) return inserted(done.error());
  effects_.standings.push_back({account.id, core::AccountStanding{account.epoch, account.state}, true});
  return core::Inserted::yes;
}

void Accounts::set_password(core::AccountId id, std::string_view password_hash, Instant at) {
  connection_.run("UPDATE accounts SET password_hash = $1, password_changed_at = $2, password_proved = 0 WHERE id = $3",
                  {password_hash, value(at), value(id)});
}

void Accounts::note_password_proved(core::AccountId id) {
  connection_.run("UPDATE accounts SET password_proved = 1 WHERE id = $1", {value(id)});
}

void Accounts::rehash_password(core::AccountId id, std::string_view old_hash, std::string_view new_hash) {
  connection_.run("UPDATE accounts SET password_hash = $1 WHERE id = $2 AND password_hash = $3",
                  {new_hash, value(id), old_hash});
}

void Accounts::set_state(core::AccountId id, core::AccountState state, std::optional<Instant> pending_until) {
  const bool is_active = state == core::AccountState::active;
  if (is_active) pending_until.reset();
  auto rows = connection_.query(
      "UPDATE accounts SET state = $1, pending_until = $2, was_active = CASE WHEN $3 = 1 THEN 1 ELSE was_active END "
      "WHERE id = $4 RETURNING epoch",
      {core::account_state_name(state), value(pending_until), std::int64_t{is_active}, value(id)});
  while (rows.next()) effects_.standings.push_back({id, core::AccountStanding{rows.row().integer(0), state}});
}

core::Inserted Accounts::set_username(core::AccountId id, std::string_view username, std::string_view username_key) {
  const auto done = connection_.execute("UPDATE accounts SET username = $1, username_key = $2 WHERE id = $3",
                                        {username, username_key, value(id)});
  effects_.profiles.push_back(id);
  return done ? core::Inserted::yes : inserted(done.error());
}

core::Inserted Accounts::set_verified_email(core::AccountId id, std::string_view email, std::string_view email_key) {
  // First the claims, which the unique index would count too. Who verified it keeps it: then there is no claim to drop.
  connection_.run(
      "UPDATE accounts SET email_claimed = 0 WHERE email_key = $1 AND email_key <> '' AND email_verified = 0 "
      "AND email_claimed = 1 AND id <> $2 AND EXISTS (SELECT 1 FROM accounts WHERE id = $2)",
      {email_key, value(id)});
  const auto done = connection_.execute(
      "UPDATE accounts SET password_proved = CASE WHEN email_key = $2 THEN password_proved ELSE 0 END, "
      "email = $1, email_key = $2, email_verified = 1 WHERE id = $3",
      {email, email_key, value(id)});
  effects_.profiles.push_back(id);
  return done ? core::Inserted::yes : inserted(done.error());
}

core::Inserted Accounts::set_email(core::AccountId id, std::string_view email, std::string_view email_key,
                                   bool is_claimed) {
  const auto done = connection_.execute(
      "UPDATE accounts SET password_proved = CASE WHEN email_key = $2 THEN password_proved ELSE 0 END, email = $1, "
      "email_key = $2, email_verified = 0, email_claimed = $3 WHERE id = $4",
      {email, email_key, std::int64_t{is_claimed}, value(id)});
  effects_.profiles.push_back(id);
  return done ? core::Inserted::yes : inserted(done.error());
}

void Accounts::release_claim(core::AccountId id) {
  connection_.run(
      "UPDATE accounts SET pending_until = NULL, email_claimed = CASE WHEN email_verified = 1 THEN email_claimed "
      "ELSE 0 END WHERE id = $1",
      {value(id)});
}

void Accounts::set_profile_field(core::AccountId id, core::ProfileField field, std::string_view text) {
  using enum core::ProfileField;
  switch (field) {
    case first_name: connection_.run("UPDATE accounts SET first_name = $1 WHERE id = $2", {text, value(id)}); break;
    case last_name: connection_.run("UPDATE accounts SET last_name = $1 WHERE id = $2", {text, value(id)}); break;
    case middle_name: connection_.run("UPDATE accounts SET middle_name = $1 WHERE id = $2", {text, value(id)}); break;
    case phone: connection_.run("UPDATE accounts SET phone = $1 WHERE id = $2", {text, value(id)}); break;
  }
  effects_.profiles.push_back(id);
}

core::Epoch Accounts::end_everything(core::AccountId id) {
  core::Epoch epoch = 0;
  auto rows =
      connection_.query("UPDATE accounts SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch, state", {value(id)});
  while (rows.next()) {
    epoch = rows.row().integer(0);
    effects_.standings.push_back({id, core::AccountStanding{epoch, state(rows.row(), 1)}});
  }
  return epoch;
}

void Accounts::note_sign_in(core::AccountId id, Instant at) {
  connection_.run("UPDATE accounts SET last_sign_in_at = $1, failed_sign_ins = 0 WHERE id = $2",
                  {value(at), value(id)});
}

void Accounts::note_failed_sign_ins(const core::FailedSignIns& failures) {
  connection_.run(
      "UPDATE accounts SET failed_sign_ins = failed_sign_ins + $1, last_failed_sign_in_at = "
      "CASE WHEN last_failed_sign_in_at > $2 THEN last_failed_sign_in_at ELSE $2 END WHERE id = $3",
      {failures.consecutive, value(failures.last_at), value(failures.account)});
}

void Accounts::erase(core::AccountId id) {
  // Not left to the cascade: each ended credential is an effect, lest it live on in memory should the id be drawn
  // again. Its links go by the cascade: nothing else remembers them.
  auto rows = connection_.query("DELETE FROM credentials WHERE account = $1 RETURNING digest", {value(id)});
  while (rows.next()) effects_.ended.push_back(digest(rows.row(), 0));
  const auto erased = connection_.run("DELETE FROM accounts WHERE id = $1", {value(id)});
  if (erased == 0) return;
  effects_.standings.push_back({id, std::nullopt});
  effects_.profiles.push_back(id);
}

}  // namespace propusk::sql
