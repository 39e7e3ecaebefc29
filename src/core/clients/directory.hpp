// ClientDirectory: every registered client in memory, so that telling who asks costs no database. Read whole once, then
// kept by the effects of committed writes.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/belief.hpp"
#include "core/clients/client.hpp"

namespace propusk::core {

/// A client as it is now; readers keep what they were given.
using SharedClient = std::shared_ptr<const Client>;

/// What a committed write changed about a client.
struct ClientChange {
  std::string id;
  SharedClient now;  ///< nullptr: it is gone
};

class ClientDirectory {
 public:
  /// Doubted while `belief` does not hold; nullptr: never.
  explicit ClientDirectory(const Belief* belief = nullptr) : belief_(belief) {}

  /// nullptr if it is not in memory or in doubt; if is_complete(), there is none.
  [[nodiscard]] SharedClient find(std::string_view id) const;
  /// The same, in doubt as it was last: for names on pages, never for what it may.
  [[nodiscard]] SharedClient recall(std::string_view id) const;
  /// Whether another node may have changed what is in memory: then only the store knows.
  [[nodiscard]] bool is_doubted() const;
  /// Whether all clients are in memory, beyond doubt.
  [[nodiscard]] bool is_complete() const;
  /// Whether an active client has pages of this origin.
  [[nodiscard]] bool has_origin(std::string_view origin) const;
  /// Whether an active client has pages anywhere.
  [[nodiscard]] bool has_origins() const;

  /// Taken before the store is read: load() puts in nothing that is older than a change.
  [[nodiscard]] std::uint64_t ticket() const;
  /// Puts in all clients, as the store said. False, and nothing is changed, if one was changed since `ticket`.
  bool load(std::uint64_t ticket, std::vector<Client> clients);
  void apply(const ClientChange& change);
  /// The outcome of a change is unknown: all are read again.
  void forget(std::string_view id);
  /// All are in doubt until the next load().
  void forget_everything();

 private:
  void gather_origins();
  const Belief* belief_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, SharedClient, std::less<>> clients_;
  std::set<std::string, std::less<>> origins_;
  std::uint64_t changes_ = 0;
  bool is_complete_ = false, is_forgotten_ = false;
};

}  // namespace propusk::core
