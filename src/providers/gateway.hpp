// Gateway: the providers that are set up, behind the core's port.
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "providers/upstream.hpp"

namespace propusk::providers {

struct GatewayDeps {
  Fetcher& fetcher;
  const PublicKeys& public_keys;
  const Clock& clock;
  /// Tells operators why a provider did not vouch: its name, the failure, and a word.
  std::function<void(std::string_view provider, core::ProviderFailure failure, std::string_view why)> on_failure =
      [](auto&&...) {};
};

class Gateway final : public core::ProviderGateway {
 public:
  Gateway(std::vector<ProviderSettings> settings, GatewayDeps deps, std::span<const Provider> rows = catalogue());
  ~Gateway() override;

  [[nodiscard]] std::span<const core::OfferedProvider> offered() const override { return offered_; }
  Task<core::ProviderResult<core::VouchedIdentity>> vouch_for_token(std::string provider, Secret<> token,
                                                                    Deadline deadline) override;
  Task<core::ProviderResult<std::string>> authorization_url(std::string provider, core::AuthorizationQuestion question,
                                                            Deadline deadline) override;
  Task<core::ProviderResult<core::VouchedIdentity>> vouch_for_code(std::string provider,
                                                                   core::AuthorizationAnswer answer,
                                                                   Deadline deadline) override;

  /// How often each provider vouched ("ok") or failed, and how.
  struct Count {
    std::string_view provider, outcome;
    std::uint64_t count;
  };
  [[nodiscard]] std::vector<Count> counts() const;

 private:
  struct Counted;
  [[nodiscard]] Counted* find(std::string_view name) const;
  core::ProviderFailure fail(Counted& counted, const Mishap& mishap);
  core::ProviderResult<core::VouchedIdentity> settle(Counted& counted, Outcome<core::ProviderIdentity> outcome);

  GatewayDeps deps_;
  std::vector<std::unique_ptr<Counted>> upstreams_;
  std::vector<core::OfferedProvider> offered_;
};

}  // namespace propusk::providers
