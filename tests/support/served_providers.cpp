// By the keys of config/schema, so that a setting that operators cannot make is none for tests.
#include "tests/support/served_providers.hpp"

#include <fstream>
#include <stdexcept>

#include "config/load.hpp"
#include "config/schema.hpp"

namespace propusk::testing {
namespace {
std::string secret_file(const std::filesystem::path& path, const Secret<>& secret) {
  std::ofstream(path) << secret.reveal() << '\n';
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path.string();
}
}  // namespace

Configuration configuration_of(const FakeProviders& fakes, const std::filesystem::path& secrets) {
  Configuration all;
  constexpr const char* place_keys[] = {"authorization_url", "token_url", "user_info_url", "token_info_url", "api_url"};
  for (const providers::ProviderSettings& own : fakes.settings()) {
    const auto add = [&](const std::string& name, const std::string& value) {
      const std::string path = "providers." + own.name + "." + name;
      if (!value.empty() && config::find_key(path)) all.emplace_back(path, value);  // not every provider has each
    };
    const auto add_secret = [&](const std::string& name, const Secret<>& value) {
      if (!value.reveal().empty()) add(name, secret_file(secrets / (own.name + "." + name), value));
    };
    add("client_id", own.client_id);
    add("issuer", own.issuer);
    add_secret("client_secret_file", own.client_secret);
    add_secret("service_token_file", own.service_token);
    for (std::size_t at = 0; at < own.places.size(); ++at) add(place_keys[at], own.places[at]);
  }
  return all;
}

Configuration ServedProviders::configuration() const {
  Configuration all = configuration_of(fakes, directory_.path());
  all.emplace_back("outbound.ca_file", authority.ca_file());
  all.emplace_back("outbound.allowed_networks", "127.0.0.0/8,::1/128");
  return all;
}

void ServedProviders::offer(config::Settings& settings) const {
  const config::Settings made = settings_of(configuration());
  settings.providers = made.providers;
  settings.outbound = made.outbound;
}

config::Settings settings_of(const Configuration& configuration) {
  config::Sources sources;
  for (const auto& [key, value] : configuration) sources.flags.push_back({key, value, "--set"});
  auto loaded = config::load(sources);
  if (loaded) return std::move(loaded->settings);
  std::string problems;
  for (const config::Problem& problem : loaded.error()) problems += problem.to_string() + "\n";
  throw std::runtime_error(problems);
}

}  // namespace propusk::testing
