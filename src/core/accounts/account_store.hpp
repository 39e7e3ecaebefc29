// AccountStore: the port through which accounts are read and written, inside a transaction.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/accounts/account.hpp"

namespace propusk::core {

/// What an insert can meet, besides success. Every other failure is an Outage.
enum class Inserted : std::uint8_t { yes, id_taken, username_taken, email_taken };

/// Failed sign-ins of one account since the last flush.
struct FailedSignIns {
  AccountId account{};
  std::int64_t counted = 0;      ///< all of them, for the audit summary
  std::int64_t consecutive = 0;  ///< those after the last success, to be added to the row's counter
  Instant last_at{};
};

class AccountStore {
 public:
  virtual ~AccountStore() = default;
  // reading
  [[nodiscard]] virtual std::optional<Account> find(AccountId id) const = 0;
  [[nodiscard]] virtual std::optional<Account> find_by_username(std::string_view exact) const = 0;
  /// All accounts whose username folds to `key`, at most two: the caller only asks "none, one or a tie".
  [[nodiscard]] virtual std::vector<Account> find_by_username_key(std::string_view key) const = 0;
  /// Accounts whose address has this canonical form: a verified one first, then a claimed one, then the others,
  /// oldest first; at most `limit`.
  [[nodiscard]] virtual std::vector<Account> find_by_email_key(std::string_view key, std::size_t limit) const = 0;
  /// Accounts with id > `after`, ascending, at most `limit`.
  [[nodiscard]] virtual std::vector<Account> list(AccountId after, std::size_t limit) const = 0;
  /// Pending accounts whose `pending_until` is not after `at`, at most `limit`.
  [[nodiscard]] virtual std::vector<Account> lapsed(Instant at, std::size_t limit) const = 0;
  // writing
  /// Inserts the row. Uniqueness is the database's word, not a prior read.
  virtual Inserted insert(const Account& account) = 0;
  /// Replaces the hash and sets password_changed_at.
  virtual void set_password(AccountId id, std::string_view password_hash, Instant at) = 0;
  /// That the password that was just set was set by a reader of the account's address. A later one, or another address,
  /// ends it.
  virtual void note_password_proved(AccountId id) = 0;
  /// Replaces the hash by one of the same password with other parameters, if it is still `old_hash`.
  virtual void rehash_password(AccountId id, std::string_view old_hash, std::string_view new_hash) = 0;
  /// An active account has no `pending_until`, and was_active from then on.
  virtual void set_state(AccountId id, AccountState state, std::optional<Instant> pending_until = {}) = 0;
  /// Changes the username and its canonical form. username_taken if somebody has it to the byte.
  virtual Inserted set_username(AccountId id, std::string_view username, std::string_view username_key) = 0;
  /// Gives the account a verified address and drops every unverified claim of others on it (DESIGN.md §7). email_taken
  /// if another account has verified it.
  virtual Inserted set_verified_email(AccountId id, std::string_view email, std::string_view email_key) = 0;
  /// Gives the account an address that nobody has proved; with `is_claimed` nobody else may claim it. email_taken if
  /// another account has verified it, or with `is_claimed` claims it.
  virtual Inserted set_email(AccountId id, std::string_view email, std::string_view email_key, bool is_claimed) = 0;
  /// Drops `pending_until`, and the claim of an account that has not verified its address.
  virtual void release_claim(AccountId id) = 0;
  virtual void set_profile_field(AccountId id, ProfileField field, std::string_view text) = 0;
  /// Ends every credential of the account: epoch + 1, recorded as an effect. Returns the new epoch.
  virtual Epoch end_everything(AccountId id) = 0;
  /// A successful sign-in: last_sign_in_at and the failure counter back to zero.
  virtual void note_sign_in(AccountId id, Instant at) = 0;
  /// Adds the consecutive failures to the account's row; an account that is gone is skipped.
  virtual void note_failed_sign_ins(const FailedSignIns& failures) = 0;
  /// Removes the row and, by effect and cascade, its credentials.
  virtual void erase(AccountId id) = 0;
};

}  // namespace propusk::core
