// Audit: what happened to accounts, as rows written in the same transaction as the thing itself.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_address.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/accounts/account.hpp"

namespace propusk::core {

enum class AuditAction : std::uint8_t {
  account_created,
  account_disabled,
  account_enabled,
  account_deleted,
  password_set,  ///< by an operator
  signed_in,
  sign_in_failed,  ///< a counted summary, never one row per attempt (DESIGN.md §5)
  signed_out,
  session_revoked,  ///< by an operator
  recovery_mailed,  ///< a link was mailed to an address that the account gave
  password_reset,   ///< by a mailed link
  password_changed,
  username_changed,
  email_change_asked,  ///< pending until the link on the new address is followed
  email_changed,
  email_verified,  ///< by following a link that was mailed there
  mail_dead,       ///< a mail server refused it for good
  mail_retried,    ///< by an operator
  mail_dropped,    ///< by an operator
  mail_tested,     ///< by an operator
  account_activated,
  account_disowned,  ///< a pending account, by who got its activation mail
  account_lapsed,    ///< a pending account that nobody activated
  profile_changed,
  email_change_undone,  ///< by the link mailed to the address before
  token_revoked,        ///< by an operator
  tokens_ended,         ///< all bearer tokens, by a sign-out or an operator
  refresh_reused,       ///< a used refresh token was presented again: its chain was ended
  signing_key_made,
  client_created,  ///< and the next four: by an operator
  client_disabled,
  client_enabled,
  client_secret_rotated,
  client_deleted,
  consent_given,  ///< by the owner, to a client
  consent_withdrawn,
  code_reused,  ///< an authorization code was presented again: what it had given was ended
  identity_connected,
  identity_disconnected,
  identity_migrated,  ///< a connection that was keyed by an address got the subject of its provider
  others_ended,       ///< every credential but the one that asked, by the owner
  data_exported,      ///< by the owner
  store_restored,     ///< from a backup, by an operator
};
constexpr std::size_t audit_action_count = static_cast<std::size_t>(AuditAction::store_restored) + 1;
std::string_view audit_action_name(AuditAction action);

/// One event. Holds no secret and no password; `detail` is short text made by the core.
struct AuditEvent {
  std::int64_t id = 0;  ///< random, positive; unique together with `at`
  Instant at{};
  AuditAction action{};
  std::optional<AccountId> account;
  std::string actor;   ///< "client 203.0.113.7", "operator uid 0": who did it
  std::string detail;  ///< e.g. "dialect=mobile" or "count=17"
};

/// A fresh event id, drawn before the transaction.
std::int64_t new_audit_id(Random& random);

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  virtual void append(const AuditEvent& event) = 0;
  /// Newest first; of one account, or of all if nothing is given.
  [[nodiscard]] virtual std::vector<AuditEvent> list(std::optional<AccountId> account, std::size_t limit) const = 0;
};

}  // namespace propusk::core
