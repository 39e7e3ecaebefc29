// Link: a secret that was mailed to an address and does one thing once.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "core/accounts/account.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// What a link does; one of another purpose is no link there.
enum class LinkPurpose : std::uint8_t {
  recovery,        ///< sets a new password
  email_change,    ///< makes the address that it was mailed to the account's own
  activation,      ///< makes a pending account active and its address verified
  username_reset,  ///< sets another username
  email_undo,      ///< takes the account back to the address that it had
};

struct LinkPurposeRow {
  LinkPurpose purpose;
  std::string_view name;          ///< as stored
  std::chrono::seconds lifetime;  ///< from the moment it was asked for
  /// Whatever is done to the account meanwhile: the way back of who had it before somebody took it over.
  bool outlives_changes = false;
};
/// One row per purpose (SECURITY.md S6: 1 h and 24 h; DESIGN.md §7: 3 days to activate, 7 to undo).
inline constexpr std::array link_purposes{
    LinkPurposeRow{LinkPurpose::recovery, "recovery", std::chrono::seconds{3'600}},
    LinkPurposeRow{LinkPurpose::email_change, "email_change", std::chrono::seconds{86'400}},
    LinkPurposeRow{LinkPurpose::activation, "activation", activation_wait},
    LinkPurposeRow{LinkPurpose::username_reset, "username_reset", std::chrono::seconds{3'600}},
    LinkPurposeRow{LinkPurpose::email_undo, "email_undo", std::chrono::seconds{604'800}, true},
};
constexpr const LinkPurposeRow& row_of(LinkPurpose purpose) { return link_purposes[static_cast<std::size_t>(purpose)]; }
/// Nothing for a name that is no purpose.
std::optional<LinkPurpose> link_purpose(std::string_view name);

/// A stored link. It lives while it is unused, unexpired, its account active and still in the epoch that it was made
/// in (a password change ends it), and the account still has the address that it was mailed to. Two are made for
/// others: an activation link works on a pending account, and email_undo whatever became of an account that is not
/// disabled.
struct Link {
  Digest digest;  ///< SHA-256 of the secret as written in the link; the primary key
  LinkPurpose purpose{};
  AccountId account{};
  Epoch epoch = 0;
  std::string email;  ///< as it was mailed to
  Instant created_at{};
  Instant expires_at{};
  std::optional<Instant> used_at;
};

/// 256 bits as 43 characters of base64url.
Secret<> new_link_secret(Random& random);
/// Whether a text from outside has that form: checked before it costs a digest or a read.
bool is_link_secret(std::string_view text);

/// Unpadded base64url of the decimal id, as the recorded links name accounts (CONTRACTS.md §4 "uid").
std::string uid_of(AccountId account);
/// The inverse; nothing for what no account can have. Trailing bits are read leniently, as Python does.
std::optional<AccountId> account_of_uid(std::string_view uid);

}  // namespace propusk::core
