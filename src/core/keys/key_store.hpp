// KeyStore: the port through which signing keys are read and written.
#pragma once
#include <string_view>
#include <vector>

#include "core/keys/signing_key.hpp"

namespace propusk::core {

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// All of them, youngest first. A key of an algorithm that this version does not know is not seen.
  [[nodiscard]] virtual std::vector<SigningKey> list() const = 0;
  virtual void insert(const SigningKey& key) = 0;
  /// Sets when a key retires, if that is earlier than what is set.
  virtual void retire(std::string_view kid, Instant at) = 0;
  /// Deletes the keys that retired before `at`; returns how many.
  virtual std::size_t erase_retired(Instant at) = 0;
};

}  // namespace propusk::core
