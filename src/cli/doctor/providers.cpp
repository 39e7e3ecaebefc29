// Each provider that is set up: its secret, and whether its servers answer this machine at all.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <set>

#include "base/outage.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/file_access.hpp"
#include "cli/provider_settings.hpp"
#include "platform/jose/public_keys.hpp"
#include "platform/outbound/curl_fetcher.hpp"
#include "platform/outbound/https_transfer.hpp"
#include "providers/catalogue.hpp"
#include "providers/issuer.hpp"

namespace propusk::cli::doctor {
namespace {
using propusk::providers::FetchFailure;
using propusk::providers::Place;

/// An answer takes providers::fetch_patience at most; several hosts are asked at once.
constexpr seconds patience{10};

/// One address of one provider.
struct Call {
  std::string provider, url;
  std::string why{};  ///< it does not answer; "": it does
  bool is_forbidden = false;
};

Task<void> fetch(propusk::providers::Fetcher& fetcher, Call& call, Deadline deadline) {
  const auto answer = co_await fetcher.fetch({.url = call.url}, deadline);
  // Any answer will do: without a token there is nothing but refusals to hear.
  if (answer || answer.error() == FetchFailure::redirected || answer.error() == FetchFailure::too_large) co_return;
  call.is_forbidden = answer.error() == FetchFailure::forbidden_address;
  call.why = propusk::providers::fetch_failure_name(answer.error());
}

Task<void> discover(propusk::providers::Issuer& issuer, Call& call, Deadline deadline) {
  const auto told = co_await issuer.metadata(deadline);
  if (!told) call.why = told.error().why;
}

Finding finding_of(const Call& call) {
  if (call.is_forbidden)
    return error(fmt::format("{}: {} leads to a private or otherwise special address, which is never asked",
                             call.provider, call.url),
                 "add its network to outbound.allowed_networks if it is yours, or correct the address");
  return error(fmt::format("{}: {} does not answer as a provider does ({})", call.provider, call.url, call.why),
               "see that this machine reaches it (curl -v), its name and its certificate; behind a firewall let port "
               "443 out");
}

void judge_secret(const std::string& key, const std::string& path, uid_t user, Findings& findings) {
  if (path.empty()) return;
  constexpr const char* fix =
      "write the secret that the provider shows into it, as its only line, for the user that runs "
      "propusk alone (chmod 600)";
  if (const auto why = why_unreadable(path, user)) {
    findings.push_back(error(key + ": " + *why, fix));
    return;
  }
  try {
    secret_in({key, path});
  } catch (const Outage& outage) {
    findings.push_back(error(outage.cause(), fix));
  }
}

/// One address of each host that this server itself asks; browsers see the page of sign-in by themselves.
std::vector<Call> calls_to(const propusk::providers::Provider& row, const config::Settings::Provider& set) {
  const std::pair<Place, const std::string&> places[] = {{Place::token, set.token_url},
                                                         {Place::user_info, set.user_info_url},
                                                         {Place::token_info, set.token_info_url},
                                                         {Place::api, set.api_url}};
  std::vector<Call> calls;
  std::set<std::string> hosts;
  for (const auto& [place, own] : places) {
    std::string url(own.empty() ? row.places[static_cast<std::size_t>(place)] : own);
    const auto parsed = platform::HttpsUrl::parse(url);
    if (parsed && hosts.insert(parsed->host_port).second) calls.push_back({std::string(row.name), std::move(url)});
  }
  return calls;
}

/// Everything that waits for the network, on a context of its own.
class Round {
 public:
  Round(const config::Settings::Outbound& outbound, const Clock& clock)
      : clock_(clock), fetcher_({.allowed = outbound.allowed_networks, .ca_file = outbound.ca_file}, clock) {
    fetcher_.start();
  }
  void add(Call call) {
    Call& mine = *calls_.emplace_back(std::make_unique<Call>(std::move(call)));
    spawn(fetch(fetcher_, mine, clock_.monotonic() + patience));
  }
  void add_issuer(std::string provider, const std::string& url) {
    Call& mine = *calls_.emplace_back(std::make_unique<Call>(Call{std::move(provider), url}));
    auto& issuer = *issuers_.emplace_back(std::make_unique<propusk::providers::Issuer>(
        url, propusk::providers::Issuer::Deps{fetcher_, public_keys_, clock_}));
    spawn(discover(issuer, mine, clock_.monotonic() + patience));
  }
  void run(Findings& findings) {
    context_.run();
    for (const auto& call : calls_)
      findings.push_back(call->why.empty() ? fine(fmt::format("{}: {} answers", call->provider, call->url))
                                           : finding_of(*call));
  }

 private:
  void spawn(Task<void> task) {
    boost::asio::co_spawn(context_, std::move(task), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  const Clock& clock_;
  boost::asio::io_context context_{1};
  platform::CurlFetcher fetcher_;
  platform::JosePublicKeys public_keys_;
  std::vector<std::unique_ptr<Call>> calls_;  ///< whose addresses the coroutines hold
  std::vector<std::unique_ptr<propusk::providers::Issuer>> issuers_;
};

}  // namespace

Findings providers(const Ward& ward) {
  const config::Settings& settings = ward.installation.settings();
  const uid_t user = server_user(ward.installation.data_directory);
  Findings findings;
  if (std::ranges::all_of(settings.providers, [](const auto& provider) { return provider.client_id.empty(); }))
    return findings;
  Round round(settings.outbound, ward.clock);
  for (const propusk::providers::Provider& row : propusk::providers::catalogue()) {
    const auto at = std::ranges::find(config::provider_names, row.name);
    if (at == config::provider_names.end()) continue;
    const auto& set = settings.providers.at(static_cast<std::size_t>(at - config::provider_names.begin()));
    if (set.client_id.empty()) continue;
    const std::string section = fmt::format("{}{}", config::provider_section, row.name);
    judge_secret(section + ".client_secret_file", set.client_secret_file, user, findings);
    judge_secret(section + ".service_token_file", set.service_token_file, user, findings);
    if (row.is_open_id && !set.issuer.empty()) round.add_issuer(std::string(row.name), set.issuer);
    for (Call& call : calls_to(row, set)) round.add(std::move(call));
  }
  round.run(findings);
  return findings;
}

}  // namespace propusk::cli::doctor
