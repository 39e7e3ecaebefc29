// JosePublicKeys: believes other people's signatures, by OpenSSL.
#pragma once
#include "providers/public_keys.hpp"

namespace propusk::platform {

/// Stateless and thread-safe. Contract: providers/public_keys.hpp.
class JosePublicKeys final : public providers::PublicKeys {
 public:
  [[nodiscard]] std::expected<Believed, Doubt> believe(std::string_view token, std::string_view key_set) const override;
};

}  // namespace propusk::platform
