// How people reach the server: what the rules of the configuration let pass, and is still wrong.
#include <fmt/format.h>

#include <algorithm>

#include "cli/doctor/checks.hpp"
#include "config/values.hpp"

namespace propusk::cli::doctor {
namespace {

/// RFC 1918 and RFC 4193: no private network is larger than 10.0.0.0/8 and fc00::/7.
bool is_too_wide(const Network& network) {
  constexpr unsigned mapped_bits = 96;  // before those of IPv4
  const unsigned least = network.address.is_v4() ? mapped_bits + 8 : 7;
  return network.prefix_bits < least;
}

void judge_proxies(const config::Settings::Server& server, Findings& findings) {
  for (const Network& network : server.trusted_proxies)
    if (is_too_wide(network))
      findings.push_back(error(fmt::format("server.trusted_proxies has {}; who is in it can pretend to be any client",
                                           config::show_network(network)),
                               "name the addresses of the proxies alone"));
  // What a proxy on this machine connects from.
  const bool trusts_this_machine = std::ranges::any_of(server.trusted_proxies, [](const Network& network) {
    return network.contains(*ClientAddress::parse("127.0.0.1")) || network.contains(*ClientAddress::parse("::1"));
  });
  const bool is_behind_proxy = server.listen.is_loopback() && server.tls_certificate.empty() &&
                               !server.public_origin.empty() && !is_of_this_machine(server.public_origin);
  if (is_behind_proxy && !trusts_this_machine)
    findings.push_back(error(fmt::format("{} is served through a proxy on this machine that is not trusted; everybody "
                                         "shares the limits of one client, and cookies lack Secure",
                                         server.public_origin),
                             R"(write server.trusted_proxies = ["127.0.0.1"], the address of the proxy)"));
}

}  // namespace

Findings listener(const Ward& ward) {
  const config::Settings& settings = ward.installation.settings();
  const std::string origin = origin_of(settings);
  Findings findings;
  if (!settings.server.public_origin.empty() && origin.starts_with("http://") && !is_of_this_machine(origin) &&
      settings.server.tls_certificate.empty())
    findings.push_back(
        error(fmt::format("server.public_origin is {}; passwords and sessions cross the network in clear", origin),
              "have TLS in front or here, and write https://"));
  judge_proxies(settings.server, findings);
  if (findings.empty() && ward.installation.configuration.problems.empty())
    findings.push_back(fine(serves_others(settings)
                                ? fmt::format("serves {} at {}", origin, settings.server.listen.to_string())
                                : fmt::format("serves this machine alone, at {}", origin)));
  return findings;
}

}  // namespace propusk::cli::doctor
