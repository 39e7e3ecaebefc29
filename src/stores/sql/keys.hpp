// Keys: the port of signing keys as SQL.
#pragma once
#include "core/keys/key_store.hpp"
#include "core/sessions/effects.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/keys/key_store.hpp.
class Keys final : public core::KeyStore {
 public:
  Keys(Connection& connection, core::Effects& effects) : connection_(connection), effects_(effects) {}

  [[nodiscard]] std::vector<core::SigningKey> list() const override;
  void insert(const core::SigningKey& key) override;
  void retire(std::string_view kid, Instant at) override;
  std::size_t erase_retired(Instant at) override;

 private:
  Connection& connection_;
  core::Effects& effects_;
};

}  // namespace propusk::sql
