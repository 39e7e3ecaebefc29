// Parts are base64url with dots between them; each derived value has a purpose of its own.
#include "core/social/provider_flow.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "base/constant_time.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t carried_limit = 8'192;  // bytes: what a browser may send of it (docs/reference/http-limits.md)

std::string derived(std::string_view purpose, const Secret<>& secret) {
  return to_base64url(sha256(std::string(purpose) + " " + secret.reveal()).bytes);
}

std::string part(std::string_view text) { return to_base64url(std::as_bytes(std::span(text))); }

std::optional<std::string> part_text(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes || to_base64url(*bytes) != part) return std::nullopt;  // one spelling of each
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

std::optional<ProviderFlow> read_flow(std::string_view carried) {
  if (carried.size() > carried_limit) return std::nullopt;
  std::array<std::string, 6> texts;
  for (std::string& text : texts) {
    const std::size_t end = std::min(carried.find('.'), carried.size());
    const auto decoded = part_text(carried.substr(0, end));
    if (!decoded) return std::nullopt;
    text = *decoded;
    carried.remove_prefix(std::min(end + 1, carried.size()));
  }
  std::int64_t began_at = 0;
  const char* const last = texts[5].data() + texts[5].size();
  if (!carried.empty() || std::from_chars(texts[5].data(), last, began_at).ptr != last) return std::nullopt;
  return ProviderFlow{.secret = Secret<>(texts[0]),
                      .provider = texts[1],
                      .redirect_uri = texts[2],
                      .next = texts[3],
                      .purpose = texts[4],
                      .began_at = instant(began_at)};
}
}  // namespace

Secret<> new_flow_secret(Random& random) { return Secret<>(to_base64url(random.bytes<32>())); }

Secret<> ProviderFlow::text() const {
  std::string out = part(secret.reveal());
  for (const std::string* at : {&provider, &redirect_uri, &next, &purpose}) out.append(".").append(part(*at));
  return Secret<>(out.append(".").append(part(std::to_string(stored(began_at)))));
}

// The state binds all of the flow; nonce and verifier need only be secret and fresh.
std::string ProviderFlow::state() const { return derived("state", text()); }

AuthorizationQuestion ProviderFlow::question() const {
  return {.redirect_uri = redirect_uri,
          .state = state(),
          .nonce = derived("nonce", secret),
          .code_challenge = to_base64url(sha256(derived("verifier", secret)).bytes)};
}

AuthorizationAnswer ProviderFlow::answer(Secret<> code, std::string device_id) const {
  return {.code = std::move(code),
          .redirect_uri = redirect_uri,
          .code_verifier = Secret<>(derived("verifier", secret)),
          .nonce = derived("nonce", secret),
          .state = state(),
          .device_id = std::move(device_id)};
}

std::optional<ProviderFlow> finished_flow(std::string_view carried, std::string_view provider, std::string_view state,
                                          Instant now) {
  std::optional<ProviderFlow> flow = read_flow(carried);
  if (!flow || flow->provider != provider || !equal_in_constant_time(flow->state(), state)) return std::nullopt;
  if (flow->began_at > now || now - flow->began_at > provider_flow_lifetime) return std::nullopt;
  return flow;
}

}  // namespace propusk::core
