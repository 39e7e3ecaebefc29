// ClientStore: the port through which registered clients are read and written. Every change is recorded as an effect by
// the implementation, so that whoever holds clients in memory hears of it.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/clients/client.hpp"

namespace propusk::core {

class ClientStore {
 public:
  virtual ~ClientStore() = default;
  [[nodiscard]] virtual std::optional<Client> find(std::string_view id) const = 0;
  [[nodiscard]] virtual std::vector<Client> list() const = 0;  ///< by id
  /// False if the id is taken.
  virtual bool insert(const Client& client) = 0;  ///< effect: changed
  /// Writes everything but the id and the time of registration. False if there is no such client.
  virtual bool update(const Client& client) = 0;  ///< effect: changed
  /// With its codes, consents and own tokens; what it got for people ends by its epoch. False if there is no such
  /// client.
  virtual bool erase(std::string_view id) = 0;  ///< effect: gone
};

}  // namespace propusk::core
