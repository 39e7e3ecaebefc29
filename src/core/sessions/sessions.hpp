// Sessions: open one from a grant, check one, end one. What every dialect calls for its cookies and tokens.
#pragma once
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "core/limits/limits.hpp"
#include "core/sessions/bearer.hpp"
#include "core/sessions/credential.hpp"
#include "core/sessions/live_credentials.hpp"
#include "core/sessions/proof.hpp"
#include "core/store.hpp"

namespace propusk::core {

struct SessionDeps {
  Store& store;
  LiveCredentials& live;
  Limits& limits;
  const Clock& clock;
  Random& random;
};

/// An access token that is wanted under a sign-in: its secret was drawn before the transaction.
struct AccessDraft {
  Digest digest;
  std::chrono::seconds lifetime = row_of(CredentialKind::oauth_access).life.lifetime;
};

/// A credential that a dialect wants opened: its secret was drawn before the transaction.
struct CredentialDraft {
  CredentialKind kind{};
  Digest digest;
  std::optional<CredentialLife> life{};    ///< instead of the registry's
  std::optional<Digest> first_refresh{};   ///< of jwt_refresh: SHA-256 of its first refresh token's id
  std::optional<CredentialTerms> terms{};  ///< if a client asked
  std::optional<AccessDraft> access{};     ///< of oauth_refresh: the access token that comes with it
};

/// How many credentials of one kind an account keeps; the oldest end first. Far above a person's devices, and a bound
/// on what one account can make the store and the memory hold.
inline constexpr std::size_t credentials_per_account = 100;

/// What is remembered of whoever opens a credential.
struct Device {
  std::string prefix;  ///< of the client's address
  std::string label;   ///< the user agent
};
Device device_of(const Caller& caller);

/// Whether the client of these terms is still what it was when it got them; true for none.
bool is_in_force(const Transaction& transaction, const std::optional<CredentialTerms>& terms);

/// Whether who bears a credential of these terms may be taken for the person: it is no app's, or the operator's own
/// app's (is_own_app()).
bool speaks_for_person(const Transaction& transaction, const std::optional<CredentialTerms>& terms);

/// Opens the drafted credential for the account of the grant; `at` is now. Refuses grant_refused if the client that
/// asked has changed meanwhile.
Result<void> open_session(const SessionGrant& grant, const CredentialDraft& draft, const Device& device, Instant at);

/// What a live credential is still, inside a transaction: its row and its account. Refuses not_signed_in, and
/// account_disabled if the account is not active.
struct OwnedCredential {
  Credential credential;
  Account account;
};
/// Issues an access token under a sign-in, for the part `scope` of its terms.
void issue_access(Transaction& transaction, const Credential& sign_in, const AccessDraft& draft, std::string scope,
                  Instant at);
/// The sign-in that a credential belongs to: its parent, or itself.
Credential sign_in_of(const Transaction& transaction, const Credential& credential);

Result<OwnedCredential> find_owned(const Transaction& transaction, const Digest& digest, Instant now);

/// The standing of a presented secret from memory alone: Standing::unknown means call check_session_in_store.
[[nodiscard]] Checked check_session(const Digest& digest, CredentialKind kind, const SessionDeps& deps);
/// The same, with the card of its account; nullptr if that is not in memory: find_card() then.
[[nodiscard]] std::pair<Checked, SharedCard> check_session_with_card(const Digest& digest, CredentialKind kind,
                                                                     const SessionDeps& deps);
/// What is shown of an account, from memory or else from the store, which is then remembered. nullptr if there is no
/// such account.
Task<SharedCard> find_card(AccountId account, const Caller& caller, SessionDeps deps);
/// Reads the store once for a secret that is not in memory, and remembers it if it exists. Refuses limited when the
/// client's prefix has asked for too many unknown secrets. Never returns Standing::unknown.
Task<Result<Checked>> check_session_in_store(Digest digest, CredentialKind kind, const Caller& caller,
                                             SessionDeps deps);

/// From memory, or else from the store; never Standing::unknown. Refuses limited.
Task<Result<Checked>> find_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps);

/// The same, and live. Refuses not_signed_in, account_disabled (the secret was one of a disabled account),
/// limited.
Task<Result<Checked>> find_live_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps);

/// Whose live credential a secret is, with what a sign-in by it tells.
struct SessionOwner {
  AccountId account{};
  std::string email;  ///< as typed; "" if none
};
/// Reads the owner of a presented secret from the store. Refuses as find_live_session().
Task<Result<SessionOwner>> find_session_owner(Digest digest, CredentialKind kind, const Caller& caller,
                                              SessionDeps deps);

/// Ends the presented credential, with the sign-in under which it was issued, durably. A secret that is not live writes
/// nothing, and past the allowance for unknown secrets it is the write that finds out: signing out never fails.
Task<Result<void>> end_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps);

}  // namespace propusk::core
