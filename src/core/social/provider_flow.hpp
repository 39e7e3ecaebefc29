// ProviderFlow: one redirect to a provider and back. All of it stays with the browser that began it, which carries it;
// everything that the provider sees is derived from a secret in there, so that an answer fits no other browser,
// provider or page (RFC 9700 §4.7).
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "core/social/provider_gateway.hpp"

namespace propusk::core {

/// A person signs in at the provider meanwhile.
inline constexpr std::chrono::seconds provider_flow_lifetime{600};

struct ProviderFlow {
  Secret<> secret;           ///< new_flow_secret()
  std::string provider;      ///< backend name
  std::string redirect_uri;  ///< ours
  std::string next;          ///< where the person goes afterwards; "" for apps
  std::string purpose;       ///< what the answer is for, in the words of the page or route that began it
  Instant began_at{};

  /// What the browser carries: letters, digits, `-`, `_` and `.`.
  [[nodiscard]] Secret<> text() const;
  [[nodiscard]] std::string state() const;
  [[nodiscard]] AuthorizationQuestion question() const;
  [[nodiscard]] AuthorizationAnswer answer(Secret<> code, std::string device_id) const;
};

/// 256 random bits as base64url.
Secret<> new_flow_secret(Random& random);

/// The carried flow that the answer fits: it was begun for this provider, not long ago, and its state came back.
/// Nothing otherwise.
std::optional<ProviderFlow> finished_flow(std::string_view carried, std::string_view provider, std::string_view state,
                                          Instant now);

}  // namespace propusk::core
