// Origins are sound here: the schema has checked their shape.
#include "cli/doctor/installation.hpp"

#include "base/client_address.hpp"

namespace propusk::cli::doctor {

std::string host_of(std::string_view origin) {
  std::string_view host = origin.substr(origin.find("://") + 3);
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

bool is_of_this_machine(std::string_view origin) {
  const std::string host = host_of(origin);
  const auto address = ClientAddress::parse(host);
  return host == "localhost" || host.ends_with(".localhost") || (address && address->is_loopback());
}

std::string origin_of(const config::Settings& settings) {
  return config::origin_of(settings.server, settings.server.listen.port);
}

bool serves_others(const config::Settings& settings) {
  return !settings.server.listen.is_loopback() || !is_of_this_machine(origin_of(settings));
}

}  // namespace propusk::cli::doctor
