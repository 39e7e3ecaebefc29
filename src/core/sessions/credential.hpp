// Credential: whatever lets somebody in again. One table, one registry of kinds; tests iterate the registry.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "core/accounts/account.hpp"

namespace propusk::core {

enum class CredentialKind : std::uint8_t { browser_session };

/// How a kind lives. The look on the wire belongs to the dialect (DESIGN.md §7).
struct CredentialKindRow {
  CredentialKind kind;
  std::string_view name;          ///< as stored and as shown to operators
  std::chrono::seconds lifetime;  ///< absolute, from opening
};
/// The registry: one row per kind; a kind without a row does not exist.
inline constexpr std::array credential_kinds{
    CredentialKindRow{CredentialKind::browser_session, "browser_session",
                      std::chrono::seconds{1'209'600}},  // 14 days, CONTRACTS.md §1
};
constexpr const CredentialKindRow& row_of(CredentialKind kind) {
  return credential_kinds[static_cast<std::size_t>(kind)];
}
/// Nothing for a name that is no kind.
std::optional<CredentialKind> credential_kind(std::string_view name);

/// A stored credential.
struct Credential {
  Digest digest;  ///< SHA-256 of the secret on the wire; the primary key
  CredentialKind kind{};
  AccountId account{};
  Epoch epoch = 0;     ///< of the account when opened; live only while equal
  std::string prefix;  ///< of the client that opened it, as text: a known place for later sign-ins
  std::string label;   ///< from the user agent, at most 200 bytes of printable text
  Instant created_at{};
  Instant seen_at{};  ///< resolution 1 h (DESIGN.md §5)
  Instant expires_at{};
};

/// What a check needs to know of an account.
struct AccountStanding {
  Epoch epoch = 0;
  AccountState state = AccountState::active;
  friend bool operator==(const AccountStanding&, const AccountStanding&) = default;
};

}  // namespace propusk::core
