// Links: the port of mailed links as SQL.
#pragma once
#include "core/links/link_store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/links/link_store.hpp. Links of a purpose that this version does not know are not seen.
class Links final : public core::LinkStore {
 public:
  explicit Links(Connection& connection) : connection_(connection) {}

  [[nodiscard]] std::optional<core::Link> find(const Digest& digest) const override;
  [[nodiscard]] std::vector<core::Link> list(core::AccountId account) const override;
  void insert(const core::Link& link) override;
  bool use(const Digest& digest, Instant at) override;
  void erase_unused(core::AccountId account, core::LinkPurpose purpose) override;
  void erase_unused_since(core::AccountId account, core::LinkPurpose purpose, Instant since) override;
  std::size_t erase_expired(Instant at, std::size_t limit) override;

 private:
  Connection& connection_;
};

}  // namespace propusk::sql
