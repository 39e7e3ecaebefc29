// JoseKeyRing: the signing keys in clear, as an immutable set that threads share and take() replaces.
#pragma once
#include <memory>
#include <mutex>

#include "base/random.hpp"
#include "core/keys/key_ring.hpp"
#include "platform/jose/sealed.hpp"

namespace propusk::platform {

/// Empty until take(). All of it is thread-safe.
class JoseKeyRing final : public core::KeyRing {
 public:
  /// `key` is that of the key file (open_key_file()). `random` must outlive the ring.
  JoseKeyRing(SealingKey key, Random& random);
  ~JoseKeyRing() override;

  core::SigningKey make(core::SigningAlgorithm algorithm, Instant created_at, Instant signs_from) override;
  void take(const std::vector<core::SigningKey>& keys) override;
  [[nodiscard]] std::string sign(std::string_view claims, Instant now) const override;
  /// A key is believed as soon as it is in the ring: whether the clock of another node has reached its `created_at` is
  /// nothing that its holder could help.
  [[nodiscard]] std::optional<std::string> verify(std::string_view token, Instant now) const override;
  /// Youngest first, in the order of `signs_from`.
  [[nodiscard]] std::string published(Instant now) const override;

 private:
  class Keys;
  [[nodiscard]] std::shared_ptr<const Keys> keys() const;

  SealingKey sealing_key_;
  Random& random_;
  /// Held for a copy or a swap of the pointer. Not std::atomic<std::shared_ptr>: libstdc++ 12's load() unlocks with
  /// relaxed order, a race with the next store.
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
};

}  // namespace propusk::platform
