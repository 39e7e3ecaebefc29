// GatewayFixture: a gateway whose six providers are fakes in this process, and its log.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"
#include "providers/gateway.hpp"
#include "tests/support/fake_providers.hpp"
#include "tests/support/scripted_fetcher.hpp"

namespace propusk::providers {

class GatewayFixture : public ::testing::Test {
 protected:
  using Vouched = core::ProviderResult<core::VouchedIdentity>;

  GatewayFixture() {
    fakes.issuer().set_now(clock.now());
    set_up(fakes.settings());
  }

  [[nodiscard]] GatewayDeps deps(Fetcher& asked) {
    return {.fetcher = asked,
            .public_keys = keys,
            .clock = clock,
            .on_failure = [this](std::string_view provider, core::ProviderFailure failure, std::string_view why) {
              log += std::string(provider) + ": " + std::string(core::provider_failure_name(failure)) + ": " +
                     std::string(why) + "\n";
            }};
  }
  /// A new gateway: nothing is remembered.
  void set_up(std::vector<ProviderSettings> settings) { gateway.emplace(std::move(settings), deps(fetcher)); }
  /// The same with one provider, whose settings `change` has changed.
  template <class Change>
  void set_up_only(std::string_view backend, Change change) {
    ProviderSettings settings = fakes.settings_of(backend);
    change(settings);
    set_up({std::move(settings)});
  }
  [[nodiscard]] Deadline soon() const { return clock.monotonic() + seconds{20}; }

  Vouched by_token(const std::string& backend, const std::string& token) {
    return testing::result_of(gateway->vouch_for_token(backend, Secret<>(token), soon()));
  }
  /// Where a browser is sent.
  core::ProviderResult<std::string> question(const std::string& backend, const std::string& nonce = "nonce-1") {
    return testing::result_of(gateway->authorization_url(backend,
                                                         {.redirect_uri = redirect_uri,
                                                          .state = "state-1",
                                                          .nonce = nonce,
                                                          .code_challenge = to_base64url(sha256(verifier).bytes)},
                                                         soon()));
  }
  /// What a browser brings back from there, after `visitor` has agreed.
  core::AuthorizationAnswer consent(const std::string& backend, const std::string& visitor) {
    fakes.set_visitor(visitor);
    std::map<std::string, std::string> brought = fakes.visit(question(backend).value());
    return {.code = Secret<>(brought["code"]),
            .redirect_uri = redirect_uri,
            .code_verifier = Secret<>(verifier),
            .nonce = "nonce-1",
            .state = brought["state"],
            .device_id = brought["device_id"]};
  }
  Vouched by_code(const std::string& backend, core::AuthorizationAnswer answer) {
    return testing::result_of(gateway->vouch_for_code(backend, std::move(answer), soon()));
  }
  Vouched by_code(const std::string& backend, const std::string& visitor) {
    return by_code(backend, consent(backend, visitor));
  }
  /// `ok`, or the name of the failure.
  template <class T>
  static std::string outcome(const core::ProviderResult<T>& result) {
    return result ? "ok" : std::string(core::provider_failure_name(result.error()));
  }
  /// The gateway's own count; 0 for what it does not count.
  [[nodiscard]] std::uint64_t counted(std::string_view provider, std::string_view outcome) const {
    const auto counts = gateway->counts();
    const auto found = std::ranges::find_if(
        counts, [&](const Gateway::Count& each) { return each.provider == provider && each.outcome == outcome; });
    return found == counts.end() ? 0 : found->count;
  }

  static constexpr const char* redirect_uri = "https://id.example.org/auth/complete/x/";
  static constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, appendix B

  testing::FakeClock clock;
  testing::FakeProviders fakes;
  testing::ScriptedFetcher fetcher{[this](const testing::UpstreamRequest& request) { return fakes.answer(request); }};
  testing::FakeIssuersKeys keys{fakes.issuer()};
  std::string log;  ///< a line for each failure
  std::optional<Gateway> gateway;
};

}  // namespace propusk::providers
