// FakeProviders: Google, Yandex, VK, Mail.ru, GitHub and an OpenID issuer, as strict as their documentation says
// (CONTRACTS.md §3.3): what we ask wrongly is refused. Serves a ScriptedFetcher or a TlsUpstream.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/settings.hpp"
#include "tests/support/fake_issuer.hpp"
#include "tests/support/fake_person.hpp"

namespace propusk::testing {

/// Tokens are those of token_by_name() and misbehaviour(), and what was issued; VK ID's have `vkid-` in front. Each
/// provider has a folder of its own below the origin: `/google/user_info`. Thread-safe.
class FakeProviders {
 public:
  FakeProviders();
  ~FakeProviders();
  FakeProviders(const FakeProviders&) = delete;
  FakeProviders& operator=(const FakeProviders&) = delete;

  /// `https://providers.test` unless it is set, before anybody asks.
  void set_origin(std::string origin);
  /// Our registration there, with the addresses of the fake.
  [[nodiscard]] providers::ProviderSettings settings_of(std::string_view backend) const;
  /// All six, in the order of the catalogue.
  [[nodiscard]] std::vector<providers::ProviderSettings> settings() const;
  [[nodiscard]] FakeIssuer& issuer() { return issuer_; }

  /// From now on the token is this one.
  void issue(const std::string& backend, const std::string& token, FakeToken meaning);
  /// Who gives consent from now on: a code becomes the token of this name.
  void set_visitor(std::string token);
  /// What a browser brings back that was sent to `url`: the parameters of the redirect.
  [[nodiscard]] std::map<std::string, std::string> visit(const std::string& url);

  [[nodiscard]] UpstreamAnswer answer(const UpstreamRequest& request);
  /// By path, as `/vk/api/users.get`.
  [[nodiscard]] std::size_t requests_to(const std::string& path) const;
  [[nodiscard]] std::optional<UpstreamRequest> last_request_to(const std::string& path) const;

 private:
  /// What a browser was sent with.
  struct Consent {
    std::string client_id, redirect_uri, code_challenge, nonce, visitor;
  };
  /// What became of a code: a token, or the error of the token endpoint.
  struct Exchanged {
    std::string token, nonce, error;
  };
  [[nodiscard]] std::optional<FakeToken> find(const std::string& backend, const std::string& token) const;
  UpstreamAnswer dispatch(const UpstreamRequest& request);
  UpstreamAnswer authorize(const UpstreamRequest& request, bool is_vk);
  Exchanged exchange(const UpstreamRequest& request, const std::string& backend);
  UpstreamAnswer token_answer(const UpstreamRequest& request, const std::string& backend);
  UpstreamAnswer google(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer yandex(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer vk(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer vk_token(const UpstreamRequest& request);
  UpstreamAnswer vk_user_info(const UpstreamRequest& request);
  UpstreamAnswer vk_method(const UpstreamRequest& request, std::string_view method);
  UpstreamAnswer mailru(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer github(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer github_check(const UpstreamRequest& request);
  UpstreamAnswer oidc(const UpstreamRequest& request, std::string_view rest);
  UpstreamAnswer oidc_token(const UpstreamRequest& request);

  mutable std::mutex mutex_;
  std::string origin_ = "https://providers.test";
  std::string visitor_ = "good1";
  std::map<std::pair<std::string, std::string>, FakeToken> issued_;
  std::map<std::string, Consent> consents_;  ///< by code; each works once
  std::size_t codes_ = 0;
  std::map<std::string, std::vector<UpstreamRequest>> requests_;
  FakeIssuer issuer_;
};

}  // namespace propusk::testing
