// Grants: the port of codes, consents and clients' own tokens as SQL.
#pragma once
#include "core/tokens/grant_store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/tokens/grant_store.hpp.
class Grants final : public core::GrantStore {
 public:
  explicit Grants(Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::optional<core::AuthorizationCode> find_code(const Digest& digest) const override;
  void insert_code(const core::AuthorizationCode& code) override;
  bool use_code(const Digest& digest, const Digest& credential, Instant at) override;
  [[nodiscard]] std::optional<core::Consent> find_consent(core::AccountId account,
                                                          std::string_view client) const override;
  [[nodiscard]] std::vector<core::Consent> list_consents(core::AccountId account) const override;
  void put_consent(const core::Consent& consent) override;
  bool erase_consent(core::AccountId account, std::string_view client) override;
  [[nodiscard]] std::optional<core::ClientToken> find_token(const Digest& digest) const override;
  void insert_token(const core::ClientToken& token, std::size_t count) override;
  bool erase_token(const Digest& digest) override;
  std::size_t erase_expired(Instant at, std::size_t limit) override;

 private:
  Connection& connection_;
};

}  // namespace propusk::sql
