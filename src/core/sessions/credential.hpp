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
#include "core/clients/client.hpp"

namespace propusk::core {

enum class CredentialKind : std::uint8_t {
  browser_session,
  auth_token,     ///< an opaque bearer token (djoser's `Token`)
  jwt_refresh,    ///< one sign-in that lives in a pair of JWTs; its refresh tokens rotate (core/tokens)
  oauth_access,   ///< an opaque token that a registered client got (CONTRACTS.md §3.2)
  oauth_refresh,  ///< one sign-in through a client: what its refresh tokens are exchanged on; parent of its access
                  ///< tokens
};

/// How long a credential lives.
struct CredentialLife {
  std::chrono::seconds lifetime;            ///< absolute, from opening; of jwt_refresh: from the last refresh
  std::chrono::seconds idle{0};             ///< ends when it was not used for so long; 0: never
  std::chrono::seconds longest = lifetime;  ///< from opening, however often it is extended
};

/// How a kind lives. The look on the wire belongs to the dialect (DESIGN.md §7).
struct CredentialKindRow {
  CredentialKind kind;
  std::string_view name;  ///< as stored and as shown to operators
  CredentialLife life;    ///< unless settings say otherwise
};
constexpr std::chrono::seconds days(int count) { return std::chrono::seconds{std::chrono::days{count}}; }
/// The registry: one row per kind; a kind without a row does not exist.
inline constexpr std::array credential_kinds{
    CredentialKindRow{CredentialKind::browser_session, "browser_session", {days(14)}},   // CONTRACTS.md §1
    CredentialKindRow{CredentialKind::auth_token, "auth_token", {days(180), days(30)}},  // SECURITY.md X5
    // A refresh token lives a day (CONTRACTS.md §3.1 "jwt"); a chain of them as long as an opaque token.
    CredentialKindRow{CredentialKind::jwt_refresh, "jwt_refresh", {days(1), std::chrono::seconds{0}, days(180)}},
    CredentialKindRow{
        CredentialKind::oauth_access, "oauth_access", {std::chrono::seconds{36'000}}},  // CONTRACTS.md §3.2
    // A refresh token that nobody uses for a month ends; a chain of them lives as long as an opaque token.
    CredentialKindRow{CredentialKind::oauth_refresh, "oauth_refresh", {days(30), std::chrono::seconds{0}, days(180)}},
};
constexpr const CredentialKindRow& row_of(CredentialKind kind) {
  return credential_kinds[static_cast<std::size_t>(kind)];
}
/// How people tell credentials apart: a browser's session, or a token, which is every other kind.
enum class CredentialFamily : std::uint8_t { session, token };
constexpr CredentialFamily family_of(CredentialKind kind) {
  return kind == CredentialKind::browser_session ? CredentialFamily::session : CredentialFamily::token;
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
  std::chrono::seconds idle{0};            ///< 0: never ends for want of use
  std::optional<CredentialTerms> terms{};  ///< of one that a client got
  std::optional<Digest> parent{};          ///< the sign-in under which it was issued: it ends with that one
};
/// The id by which people and operators name one: the first 16 hex digits of its digest.
std::string credential_id(const Credential& credential);

/// Last-seen is stored at most once an hour (DESIGN.md §5), so idle time is known that exactly.
inline constexpr std::chrono::seconds seen_resolution{3'600};
/// Whether a credential has neither expired nor been idle for too long.
constexpr bool is_within_life(Instant expires_at, Instant seen_at, std::chrono::seconds idle, Instant now) {
  return now < expires_at && (idle.count() == 0 || now - seen_at < idle + seen_resolution);
}
inline bool is_within_life(const Credential& credential, Instant now) {
  return is_within_life(credential.expires_at, credential.seen_at, credential.idle, now);
}

/// The tokens of a refresh chain: the one that is to be used next, and the one before it, which may come again because
/// its answer was lost. Only digests are stored, and the next one sealed by the one before it.
struct RefreshChain {
  Digest credential;                      ///< whose chain it is
  Digest current;                         ///< SHA-256 of the token id that is to be presented next
  std::optional<Digest> previous;         ///< of the one that was presented last
  std::array<std::byte, 16> successor{};  ///< the current token id, readable with the previous one (core/tokens)
  Instant rotated_at{};
  std::int64_t rotations = 0;
};

/// What a check needs to know of an account.
struct AccountStanding {
  Epoch epoch = 0;
  AccountState state = AccountState::active;
  friend bool operator==(const AccountStanding&, const AccountStanding&) = default;
};

}  // namespace propusk::core
