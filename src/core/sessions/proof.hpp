// The one door to a session: a verified factor mints a proof; only a proof, re-checked inside the transaction, mints
// the grant that opens a credential. Forgetting a check does not compile (DESIGN.md §3).
#pragma once
#include <cstdint>

#include "base/caller.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "core/accounts/account.hpp"
#include "core/refusal.hpp"
#include "core/sessions/credential.hpp"

namespace propusk::core {

class Transaction;

enum class FactorMethod : std::uint8_t {
  password,
  provider,            ///< a provider vouches for a connected person
  authorization_code,  ///< the person let a client have it, in a session of their own
  fresh_sign_in,       ///< of an account without a password: its sign-in is minutes old
};

/// "This caller showed a factor of this account at this epoch." Move-only. The friend list is the answer to "who may
/// vouch for a person".
class FirstFactorProof {
 public:
  FirstFactorProof(FirstFactorProof&&) noexcept = default;
  FirstFactorProof& operator=(FirstFactorProof&&) noexcept = default;
  FirstFactorProof(const FirstFactorProof&) = delete;
  FirstFactorProof& operator=(const FirstFactorProof&) = delete;
  [[nodiscard]] AccountId account() const { return account_; }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  [[nodiscard]] Instant at() const { return at_; }
  [[nodiscard]] FactorMethod method() const { return method_; }

 private:
  friend class PasswordFactor;  // core/sign_in/password_factor.cpp
  friend class ProviderFactor;  // core/social/provider_factor.cpp
  friend class CodeFactor;      // core/tokens/authorization_code.cpp
  friend class FreshSignIn;     // core/sign_in/fresh_sign_in.cpp
  FirstFactorProof(AccountId account, Epoch epoch, Instant at, FactorMethod method)
      : account_(account), epoch_(epoch), at_(at), method_(method) {}
  AccountId account_;
  Epoch epoch_;
  Instant at_;
  FactorMethod method_;
};

/// The right to open one credential, inside the transaction that granted it. Store::write refuses to return it.
class SessionGrant {
 public:
  SessionGrant(SessionGrant&&) noexcept = default;
  SessionGrant(const SessionGrant&) = delete;
  SessionGrant& operator=(const SessionGrant&) = delete;
  [[nodiscard]] AccountId account() const { return account_; }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  [[nodiscard]] Transaction& transaction() const { return *transaction_; }

 private:
  friend Result<SessionGrant> admit(Transaction&, const FirstFactorProof&);
  friend SessionGrant end_all_but(SessionGrant);
  SessionGrant(Transaction& transaction, AccountId account, Epoch epoch)
      : transaction_(&transaction), account_(account), epoch_(epoch) {}
  Transaction* transaction_;
  AccountId account_;
  Epoch epoch_;
};

/// Re-reads the account inside the transaction: refuses bad_credentials unless it exists, is active and still has the
/// proof's epoch (a reset or a disable in between wins).
Result<SessionGrant> admit(Transaction& transaction, const FirstFactorProof& proof);
/// Ends every credential of the granted account; the grant that comes back opens in the new epoch (DESIGN.md §6.4).
SessionGrant end_all_but(SessionGrant grant);

}  // namespace propusk::core
