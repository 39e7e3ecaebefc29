// Clients: the port of registered clients as SQL.
#pragma once
#include "core/clients/client_store.hpp"
#include "core/sessions/effects.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/clients/client_store.hpp.
class Clients final : public core::ClientStore {
 public:
  Clients(Connection& connection, core::Effects& effects) : connection_(connection), effects_(effects) {}

  [[nodiscard]] std::optional<core::Client> find(std::string_view id) const override;
  [[nodiscard]] std::vector<core::Client> list() const override;
  bool insert(const core::Client& client) override;
  bool update(const core::Client& client) override;
  bool erase(std::string_view id) override;

 private:
  Connection& connection_;
  core::Effects& effects_;
};

}  // namespace propusk::sql
