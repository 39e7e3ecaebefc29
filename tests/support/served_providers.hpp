// ServedProviders: the fake providers over HTTPS on loopback, and the settings of a server that knows them.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "tests/support/fake_providers.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_authority.hpp"
#include "tests/support/tls_upstream.hpp"

namespace propusk::testing {

/// Keys of config/schema and their values.
using Configuration = std::vector<std::pair<std::string, std::string>>;
/// All providers of the fakes; their secrets are written to files below `secrets`.
Configuration configuration_of(const FakeProviders& fakes, const std::filesystem::path& secrets);

class ServedProviders {
 public:
  ServedProviders() { fakes.set_origin(upstream.origin()); }

  /// What an operator would write: all six providers with their addresses, and where outbound requests may go. The
  /// files with secrets live as long as this.
  [[nodiscard]] Configuration configuration() const;
  /// The same in settings that were made already.
  void offer(config::Settings& settings) const;

  TestAuthority authority;
  FakeProviders fakes;
  TlsUpstream upstream{authority, [this](const UpstreamRequest& request) { return fakes.answer(request); }};

 private:
  TemporaryDirectory directory_;
};

/// The settings that this configuration makes. Throws with every problem if it is not sound.
config::Settings settings_of(const Configuration& configuration);

}  // namespace propusk::testing
