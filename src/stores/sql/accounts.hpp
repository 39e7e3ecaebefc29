// Accounts: the account port as SQL.
#pragma once
#include "core/accounts/account_store.hpp"
#include "core/sessions/effects.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/accounts/account_store.hpp. Changes of a standing go into `effects`. Writes to an account that does
/// not exist change nothing; end_everything then returns 0.
class Accounts final : public core::AccountStore {
 public:
  Accounts(Connection& connection, core::Effects& effects) : connection_(connection), effects_(effects) {}

  [[nodiscard]] std::optional<core::Account> find(core::AccountId id) const override;
  [[nodiscard]] std::optional<core::Account> find_by_username(std::string_view exact) const override;
  [[nodiscard]] std::vector<core::Account> find_by_username_key(std::string_view key) const override;
  [[nodiscard]] std::vector<core::Account> find_by_email_key(std::string_view key, std::size_t limit) const override;
  [[nodiscard]] std::vector<core::Account> list(core::AccountId after, std::size_t limit) const override;
  [[nodiscard]] std::vector<core::Account> lapsed(Instant at, std::size_t limit) const override;
  core::Inserted insert(const core::Account& account) override;
  void set_password(core::AccountId id, std::string_view password_hash, Instant at) override;
  void note_password_proved(core::AccountId id) override;
  void rehash_password(core::AccountId id, std::string_view old_hash, std::string_view new_hash) override;
  void set_state(core::AccountId id, core::AccountState state, std::optional<Instant> pending_until) override;
  core::Inserted set_username(core::AccountId id, std::string_view username, std::string_view username_key) override;
  core::Inserted set_verified_email(core::AccountId id, std::string_view email, std::string_view email_key) override;
  core::Inserted set_email(core::AccountId id, std::string_view email, std::string_view email_key,
                           bool is_claimed) override;
  void release_claim(core::AccountId id) override;
  void set_profile_field(core::AccountId id, core::ProfileField field, std::string_view text) override;
  core::Epoch end_everything(core::AccountId id) override;
  void note_sign_in(core::AccountId id, Instant at) override;
  void note_failed_sign_ins(const core::FailedSignIns& failures) override;
  void erase(core::AccountId id) override;

 private:
  Connection& connection_;
  core::Effects& effects_;
};

}  // namespace propusk::sql
