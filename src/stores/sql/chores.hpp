// Chores: the port for scheduled work as SQL.
#pragma once
#include "core/upkeep/chore_store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contract: core/upkeep/chore_store.hpp.
class Chores final : public core::ChoreStore {
 public:
  explicit Chores(Connection& connection) : connection_(connection) {}
  bool take(std::string_view chore, Instant now, Instant due_again) override;

 private:
  Connection& connection_;
};

}  // namespace propusk::sql
