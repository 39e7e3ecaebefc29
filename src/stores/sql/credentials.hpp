// Credentials: the credential port as SQL.
#pragma once
#include "core/sessions/credential_store.hpp"
#include "core/sessions/effects.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Of a row with the columns of find_held(); nothing for a credential of a kind that this version does not know.
std::optional<core::CredentialStore::Held> held(const Statement& row);

/// Contracts: core/sessions/credential_store.hpp. Credentials of a kind that this version does not know are not seen.
class Credentials final : public core::CredentialStore {
 public:
  Credentials(Connection& connection, core::Effects& effects) : connection_(connection), effects_(effects) {}

  [[nodiscard]] std::optional<core::Credential> find(const Digest& digest) const override;
  [[nodiscard]] std::optional<Held> find_held(const Digest& digest) const override;
  [[nodiscard]] std::optional<core::AccountStanding> standing(core::AccountId account) const override;
  [[nodiscard]] std::vector<core::Credential> list(core::AccountId account) const override;
  [[nodiscard]] bool has_from(core::AccountId account, std::string_view prefix) const override;
  [[nodiscard]] bool has_labelled(core::AccountId account, std::string_view label) const override;
  [[nodiscard]] std::optional<core::RefreshChain> find_chain(const Digest& credential) const override;
  void insert(const core::Credential& credential) override;
  bool extend(const Digest& digest, Instant expires_at) override;
  void move_to_epoch(const Digest& digest, core::Epoch epoch) override;
  void put_chain(const core::RefreshChain& chain) override;
  bool erase(const Digest& digest) override;
  void keep_newest(core::AccountId account, core::CredentialKind kind, std::size_t count) override;
  void keep_newest_under(const Digest& parent, std::size_t count) override;
  bool erase_of_client(core::AccountId account, std::string_view client, core::CredentialKind kind) override;
  void note_seen(const Digest& digest, Instant at) override;
  std::size_t erase_expired(Instant at, std::size_t limit) override;

 private:
  /// Records what an UPDATE … RETURNING changed; false if no row did.
  bool open_again(Rows rows);
  /// Tells the ending of each row's credential; true if there was one.
  bool end(Rows rows);
  Connection& connection_;
  core::Effects& effects_;
};

}  // namespace propusk::sql
