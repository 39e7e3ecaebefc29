// CredentialStore: the port through which credentials are read and written. Every change of what is live is recorded
// as an effect by the implementation, so no capability can forget it.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/sessions/credential.hpp"

namespace propusk::core {

class CredentialStore {
 public:
  virtual ~CredentialStore() = default;
  // reading
  [[nodiscard]] virtual std::optional<Credential> find(const Digest& digest) const = 0;
  /// The same with the standing of its account and of the client that got it: what a check needs, in one look.
  struct Held {
    Credential credential;
    AccountStanding standing;
    bool is_in_force = true;  ///< the client is still what it was then, or there is none
  };
  [[nodiscard]] virtual std::optional<Held> find_held(const Digest& digest) const = 0;
  /// The standing of the account that owns a credential; nothing if the account is gone.
  [[nodiscard]] virtual std::optional<AccountStanding> standing(AccountId account) const = 0;
  /// Credentials of one account, newest first, expired and ended ones included.
  [[nodiscard]] virtual std::vector<Credential> list(AccountId account) const = 0;
  /// Whether the account has a credential that was opened from this client prefix.
  [[nodiscard]] virtual bool has_from(AccountId account, std::string_view prefix) const = 0;
  /// Whether the account has a credential that was opened with this label; "" is no label.
  [[nodiscard]] virtual bool has_labelled(AccountId account, std::string_view label) const = 0;
  /// The refresh chain of a credential; nothing for one without.
  [[nodiscard]] virtual std::optional<RefreshChain> find_chain(const Digest& credential) const = 0;
  // writing
  virtual void insert(const Credential& credential) = 0;  ///< effect: opened
  /// New expiry of a live credential (a re-login that keeps its key). False if there is no such row.
  virtual bool extend(const Digest& digest, Instant expires_at) = 0;  ///< effect: opened again with the new expiry
  /// Gives a credential the epoch in which its account is now, so that it outlives the end of all others; and, of one
  /// that was issued under a sign-in, that sign-in too.
  virtual void move_to_epoch(const Digest& digest, Epoch epoch) = 0;  ///< effect: opened again in that epoch
  /// Writes the chain of a stored credential, in the place of the one it has.
  virtual void put_chain(const RefreshChain& chain) = 0;
  /// With what was issued under it. True if there was a row.
  virtual bool erase(const Digest& digest) = 0;  ///< effect: ended
  /// Erases all but the newest `count` of one kind of an account.
  virtual void keep_newest(AccountId account, CredentialKind kind, std::size_t count) = 0;  ///< effect: ended, each
  /// The same among those that were issued under one sign-in.
  virtual void keep_newest_under(const Digest& parent, std::size_t count) = 0;  ///< effect: ended, each
  /// Erases what one client got for an account, of one kind. False if there was nothing.
  virtual bool erase_of_client(AccountId account, std::string_view client,
                               CredentialKind kind) = 0;  ///< effect: ended, each
  virtual void note_seen(const Digest& digest, Instant at) = 0;
  /// Deletes at most `limit` rows that expired before `at`, of every kind; returns how many.
  virtual std::size_t erase_expired(Instant at, std::size_t limit) = 0;
};

}  // namespace propusk::core
