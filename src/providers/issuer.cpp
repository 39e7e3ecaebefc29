// Discovery and keys; an issuer that cannot be asked is believed by what it said before, for a day.
#include "providers/issuer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/result.hpp"
#include "providers/answer.hpp"

namespace propusk::providers {
namespace {
namespace json = boost::json;
using core::ProviderFailure;
constexpr std::chrono::hours metadata_age{24}, keys_age{1}, keys_age_in_need{24};  // UX.md §5a: 24 h at most
constexpr int refreshes_per_minute = 6;                                            // for keys that are not known

FetchRequest request_to(std::string url) {
  const Question question{.place = Place::api};
  Places places;
  places[static_cast<std::size_t>(Place::api)] = std::move(url);
  return request_of(question, places, Words());
}

bool lists(const json::value& list, std::string_view word) {
  if (!list.is_array()) return false;
  for (const json::value& each : list.get_array())
    if (each.is_string() && each.get_string() == word) return true;
  return false;
}

Outcome<IssuerMetadata> read_metadata(const json::value& body, const std::string& issuer) {
  if (text_at(body, "/issuer") != issuer) return mishap(ProviderFailure::unintelligible, "metadata of another issuer");
  IssuerMetadata out;
  const auto place = [&out](Place at) -> std::string& { return out.places[static_cast<std::size_t>(at)]; };
  place(Place::authorization) = text_at(body, "/authorization_endpoint");
  place(Place::token) = text_at(body, "/token_endpoint");
  place(Place::user_info) = text_at(body, "/userinfo_endpoint");
  out.keys_url = text_at(body, "/jwks_uri");
  for (const std::string* url : {&place(Place::authorization), &place(Place::token), &out.keys_url})
    if (!url->starts_with("https://"))
      return mishap(ProviderFailure::unintelligible, "metadata without an https address");
  if (!place(Place::user_info).empty() && !place(Place::user_info).starts_with("https://"))
    return mishap(ProviderFailure::unintelligible, "metadata without an https address");
  if (const json::value* methods = value_at(body, "/token_endpoint_auth_methods_supported")) {
    out.takes_basic = lists(*methods, "client_secret_basic");
    out.takes_post = lists(*methods, "client_secret_post");
  }
  return out;
}

std::string why(PublicKeys::Doubt doubt) {
  switch (doubt) {
    case PublicKeys::Doubt::malformed: return "malformed";
    case PublicKeys::Doubt::algorithm: return "algorithm";
    case PublicKeys::Doubt::unknown_key: return "unknown key";
    case PublicKeys::Doubt::signature: return "signature";
  }
  return "";
}
}  // namespace

Task<Outcome<std::shared_ptr<const IssuerMetadata>>> Issuer::metadata(Deadline deadline) {
  if (auto kept = kept_metadata()) co_return kept;
  std::string base = url_;
  while (base.ends_with('/')) base.pop_back();
  const auto fetched = co_await deps_.fetcher.fetch(request_to(base + "/.well-known/openid-configuration"), deadline);
  CO_TRY(body, read_answer(fetched, {}));
  CO_TRY(read, read_metadata(body, url_));
  auto fresh = std::make_shared<const IssuerMetadata>(std::move(read));
  keep(fresh);
  co_return fresh;
}

Task<Outcome<std::shared_ptr<const std::string>>> Issuer::ask_for_keys(Deadline deadline) {
  CO_TRY(told, co_await metadata(deadline));
  const auto fetched = co_await deps_.fetcher.fetch(request_to(told->keys_url), deadline);
  CO_TRY(body, read_answer(fetched, {}));
  if (!value_at(body, "/keys")) co_return mishap(ProviderFailure::unintelligible, "no key set");
  auto fresh = std::make_shared<const std::string>(json::serialize(body));
  keep(fresh);
  co_return fresh;
}

Task<Outcome<std::shared_ptr<const std::string>>> Issuer::keys(Deadline deadline) {
  if (auto kept = kept_keys(keys_age)) co_return kept;
  auto fresh = co_await ask_for_keys(deadline);
  if (fresh) co_return fresh;
  if (auto kept = kept_keys(keys_age_in_need)) co_return kept;
  co_return fresh;
}

Task<Outcome<PublicKeys::Believed>> Issuer::believe(Secret<> token, Deadline deadline) {
  CO_TRY(known, co_await keys(deadline));
  auto believed = deps_.public_keys.believe(token.reveal(), *known);
  if (!believed && believed.error() == PublicKeys::Doubt::unknown_key && may_refresh()) {
    CO_TRY(fresh, co_await ask_for_keys(deadline));
    believed = deps_.public_keys.believe(token.reveal(), *fresh);
  }
  if (!believed) co_return mishap(ProviderFailure::token_refused, why(believed.error()));
  co_return std::move(*believed);
}

std::shared_ptr<const IssuerMetadata> Issuer::kept_metadata() const {
  const std::lock_guard lock(mutex_);
  return metadata_.within(metadata_age, deps_.clock.monotonic());
}
std::shared_ptr<const std::string> Issuer::kept_keys(std::chrono::hours age) const {
  const std::lock_guard lock(mutex_);
  return keys_.within(age, deps_.clock.monotonic());
}
void Issuer::keep(std::shared_ptr<const IssuerMetadata> metadata) {
  const std::lock_guard lock(mutex_);
  metadata_ = {std::move(metadata), deps_.clock.monotonic()};
}
void Issuer::keep(std::shared_ptr<const std::string> keys) {
  const std::lock_guard lock(mutex_);
  keys_ = {std::move(keys), deps_.clock.monotonic()};
}

bool Issuer::may_refresh() {
  const std::lock_guard lock(mutex_);
  const Deadline now = deps_.clock.monotonic();
  if (now - refresh_began_ >= std::chrono::minutes{1}) {
    refresh_began_ = now;
    refreshes_ = 0;
  }
  return ++refreshes_ <= refreshes_per_minute;
}

}  // namespace propusk::providers
