// Account: one person as stored, and the states an account can be in.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace propusk::core {

/// Positive, random, within 31 bits (mobile clients parse `int`, DESIGN.md §7).
enum class AccountId : std::int64_t {};
/// Goes up when everything of an account ends; a credential is live only with the current epoch (DESIGN.md §5).
using Epoch = std::int64_t;

enum class AccountState : std::uint8_t {
  active,
  disabled,  ///< by an operator
  pending,   ///< waits until the link mailed to its address is followed: a new one, or one whose address has changed
};
std::string_view account_state_name(AccountState state);
/// Nothing for a name that is no state.
std::optional<AccountState> account_state(std::string_view name);

/// How long an account waits for its address before it lapses, and the links that are mailed there work (DESIGN.md §7:
/// 3 days).
inline constexpr std::chrono::seconds activation_wait{259'200};

/// What a person may tell of themselves beyond names that sign in.
enum class ProfileField : std::uint8_t { first_name, last_name, middle_name, phone };
struct ProfileFieldRow {
  ProfileField field;
  std::string_view name;  ///< as stored, in settings and on the wire
  std::size_t limit;      ///< code points; names: django.contrib.auth's AbstractUser, phone: E.164 has 15 digits
};
/// The registry, in the order in which they are shown.
inline constexpr std::array profile_fields{
    ProfileFieldRow{ProfileField::first_name, "first_name", 150},
    ProfileFieldRow{ProfileField::last_name, "last_name", 150},
    ProfileFieldRow{ProfileField::middle_name, "middle_name", 150},
    ProfileFieldRow{ProfileField::phone, "phone", 32},
};
/// A text per field, "" where nothing was told; by the order of the registry.
using ProfileFields = std::array<std::string, profile_fields.size()>;

/// A stored account. Canonical forms are columns beside what the person typed (DESIGN.md §7).
struct Account {
  AccountId id{};
  std::string username;      ///< as typed; unique to the byte
  std::string username_key;  ///< canonical_name(username); not unique: `ann` and `ANN` coexist in `mobile`
  std::string email;         ///< as typed; "" if none
  std::string email_key;     ///< canonical_email(email); unique among verified and claimed ones
  bool email_verified = false;
  bool email_claimed = false;  ///< nobody else may claim it (DESIGN.md §7 "E-mail is taken"); a verification beats it
  std::string password_hash;   ///< PHC string; "" = no password
  AccountState state = AccountState::active;
  /// Of a pending account: after it nobody's claim on the address is kept by it, and one that was never active goes
  /// (DESIGN.md §7 "E-mail is taken"). Of a disabled account: it was pending, and will be again.
  std::optional<Instant> pending_until;
  bool was_active = true;  ///< ever: then it is somebody's, whatever becomes of its address
  /// Whoever set the password had read a mail to the address that the account has: it is the address's owner's.
  bool password_proved = false;
  Epoch epoch = 1;
  Instant created_at{};
  Instant password_changed_at{};
  std::optional<Instant> last_sign_in_at;
  ProfileFields fields;
  std::string language;              ///< in which to write to the person: "en", "ru"; "" if never said
  std::int64_t failed_sign_ins = 0;  ///< consecutive, over all dialects; flushed coalesced
  std::optional<Instant> last_failed_sign_in_at;
};

/// Whether the address is the account's as far as anybody else's wishes go: verified or claimed.
inline bool has_settled_email(const Account& account) { return account.email_verified || account.email_claimed; }

}  // namespace propusk::core
