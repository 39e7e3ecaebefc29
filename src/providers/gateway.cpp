// From a name to an upstream, and from what went wrong to one of the core's failures.
#include "providers/gateway.hpp"

#include <algorithm>

namespace propusk::providers {
using core::ProviderFailure;
namespace {
constexpr std::size_t failure_count = static_cast<std::size_t>(ProviderFailure::unintelligible) + 1;
}  // namespace

struct Gateway::Counted {
  Counted(const Provider& row, ProviderSettings settings, Issuer::Deps deps)
      : upstream(row, std::move(settings), deps) {}
  Upstream upstream;
  std::atomic<std::uint64_t> vouched{0};
  std::array<std::atomic<std::uint64_t>, failure_count> failed{};
};

Gateway::Gateway(std::vector<ProviderSettings> settings, GatewayDeps deps, std::span<const Provider> rows)
    : deps_(std::move(deps)) {
  for (const Provider& row : rows) {
    const auto own = std::ranges::find(settings, row.name, &ProviderSettings::name);
    if (own == settings.end() || own->client_id.empty()) continue;
    std::string label = own->label.empty() ? std::string(row.label) : own->label;
    auto counted =
        std::make_unique<Counted>(row, std::move(*own), Issuer::Deps{deps_.fetcher, deps_.public_keys, deps_.clock});
    offered_.push_back({.name = std::string(row.name),
                        .label = std::move(label),
                        .takes_tokens = counted->upstream.takes_tokens(),
                        .takes_codes = counted->upstream.takes_codes()});
    upstreams_.push_back(std::move(counted));
  }
}
Gateway::~Gateway() = default;

Gateway::Counted* Gateway::find(std::string_view name) const {
  const auto found = std::ranges::find(upstreams_, name, [](const auto& each) { return each->upstream.row().name; });
  return found == upstreams_.end() ? nullptr : found->get();
}

ProviderFailure Gateway::fail(Counted& counted, const Mishap& mishap) {
  counted.failed.at(static_cast<std::size_t>(mishap.failure)).fetch_add(1, std::memory_order_relaxed);
  deps_.on_failure(counted.upstream.row().name, mishap.failure, mishap.why);
  return mishap.failure;
}

core::ProviderResult<core::VouchedIdentity> Gateway::settle(Counted& counted, Outcome<core::ProviderIdentity> outcome) {
  if (!outcome) return std::unexpected(fail(counted, outcome.error()));
  counted.vouched.fetch_add(1, std::memory_order_relaxed);
  return vouch(std::move(*outcome));
}

Task<core::ProviderResult<core::VouchedIdentity>> Gateway::vouch_for_token(std::string provider, Secret<> token,
                                                                           Deadline deadline) {
  Counted* counted = find(provider);
  if (!counted || !counted->upstream.takes_tokens()) co_return std::unexpected(ProviderFailure::not_offered);
  if (!is_opaque(token.reveal()))
    co_return std::unexpected(fail(*counted, {ProviderFailure::token_refused, "no token at all"}));
  co_return settle(*counted, co_await counted->upstream.vouch_for_token(std::move(token), deadline));
}

Task<core::ProviderResult<std::string>> Gateway::authorization_url(std::string provider,
                                                                   core::AuthorizationQuestion question,
                                                                   Deadline deadline) {
  Counted* counted = find(provider);
  if (!counted || !counted->upstream.takes_codes()) co_return std::unexpected(ProviderFailure::not_offered);
  Outcome<std::string> url = co_await counted->upstream.authorization_url(std::move(question), deadline);
  if (!url) co_return std::unexpected(fail(*counted, url.error()));
  co_return std::move(*url);
}

Task<core::ProviderResult<core::VouchedIdentity>> Gateway::vouch_for_code(std::string provider,
                                                                          core::AuthorizationAnswer answer,
                                                                          Deadline deadline) {
  Counted* counted = find(provider);
  if (!counted || !counted->upstream.takes_codes()) co_return std::unexpected(ProviderFailure::not_offered);
  const bool is_code = is_opaque(answer.code.reveal()) && (answer.device_id.empty() || is_opaque(answer.device_id));
  if (!is_code) co_return std::unexpected(fail(*counted, {ProviderFailure::token_refused, "no code at all"}));
  co_return settle(*counted, co_await counted->upstream.vouch_for_code(std::move(answer), deadline));
}

std::vector<Gateway::Count> Gateway::counts() const {
  std::vector<Count> all;
  for (const auto& counted : upstreams_) {
    const std::string_view name = counted->upstream.row().name;
    all.push_back({name, "ok", counted->vouched.load(std::memory_order_relaxed)});
    for (std::size_t index = 0; index < failure_count; ++index)
      all.push_back({name, core::provider_failure_name(static_cast<ProviderFailure>(index)),
                     counted->failed[index].load(std::memory_order_relaxed)});
  }
  return all;
}

}  // namespace propusk::providers
