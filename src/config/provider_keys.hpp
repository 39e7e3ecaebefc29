// Keys of the sections [providers.NAME]: the same few keys for every provider, each provider with those that it uses.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "config/schema.hpp"

namespace propusk::config {

/// `providers.NAME.KEY`, put together at compile time: a key's path is a view of text that lives for ever.
template <std::size_t provider, const std::string_view& key>
struct ProviderPath {
  static constexpr std::size_t size = provider_section.size() + provider_names[provider].size() + 1 + key.size();
  static constexpr std::array<char, size> text = [] {
    std::array<char, size> path{};
    auto end = std::ranges::copy(provider_section, path.begin()).out;
    end = std::ranges::copy(provider_names[provider], end).out;
    *end++ = '.';
    std::ranges::copy(key, end);
    return path;
  }();
  static constexpr std::string_view view{text.data(), text.size()};
};

/// One key of every provider that has it, and the member that holds its value.
template <const std::string_view& name, auto member>
struct ProviderKey {
  std::string_view help;
  std::int64_t most = 0;
  Shape shape = Shape::any;

  template <std::size_t provider>
  [[nodiscard]] constexpr std::array<Key, 1> of() const {
    return {Key{ProviderPath<provider, name>::view,
                help,
                [](Settings& s) -> Slot { return &(s.providers[provider].*member); },
                0,
                most,
                {},
                shape}};
  }
};

namespace provider_key_names {
inline constexpr std::string_view client_id = "client_id";
inline constexpr std::string_view client_secret_file = "client_secret_file";
inline constexpr std::string_view service_token_file = "service_token_file";
inline constexpr std::string_view issuer = "issuer";
inline constexpr std::string_view audiences = "audiences";
inline constexpr std::string_view trust_email = "trust_email";
inline constexpr std::string_view authorization_url = "authorization_url";
inline constexpr std::string_view token_url = "token_url";
inline constexpr std::string_view user_info_url = "user_info_url";
inline constexpr std::string_view token_info_url = "token_info_url";
inline constexpr std::string_view api_url = "api_url";
inline constexpr std::string_view scopes = "scopes";
inline constexpr std::string_view label = "label";
}  // namespace provider_key_names

/// One array of all the keys of the arrays.
template <std::size_t... sizes>
constexpr auto joined(const std::array<Key, sizes>&... parts) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    const std::array<const Key*, (sizes + ...)> all = [&] {
      std::array<const Key*, (sizes + ...)> places{};
      std::size_t end = 0;
      const auto add = [&](const auto& part) {
        for (const Key& key : part) places[end++] = &key;
      };
      (add(parts), ...);
      return places;
    }();
    return std::array<Key, (sizes + ...)>{*all[i]...};
  }(std::make_index_sequence<(sizes + ...)>{});
}

/// The keys of the provider in this place of provider_names, out of those that it can have.
template <std::size_t provider>
constexpr auto provider_keys() {
  using Provider = Settings::Provider;
  namespace names = provider_key_names;
  constexpr std::int64_t longest_url = 1000;   // ten times any provider's
  constexpr std::int64_t longest_path = 4096;  // PATH_MAX of Linux
  constexpr std::int64_t longest_id = 300;     // Google's client ids have 72 characters
  constexpr std::int64_t most_of_a_list = 16;  // a list that a person still oversees
  constexpr std::int64_t longest_label = 60;   // a button stays one line on a telephone
  constexpr ProviderKey<names::client_id, &Provider::client_id> client_id{
      "Id of your application at the provider; empty: the provider is not offered.", longest_id, Shape::word};
  constexpr ProviderKey<names::client_secret_file, &Provider::client_secret_file> client_secret_file{
      "File with the secret of that application, readable for nobody else.", longest_path};
  constexpr ProviderKey<names::service_token_file, &Provider::service_token_file> service_token_file{
      "File with the service token of the application: with it, access tokens of the old VK sign-in are taken too.",
      longest_path};
  constexpr ProviderKey<names::issuer, &Provider::issuer> issuer{
      "The issuer, exactly as its discovery document writes it.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::audiences, &Provider::audiences> audiences{
      "Ids of further applications of yours, such as the Android and iOS ones, whose tokens are taken.", most_of_a_list,
      Shape::word};
  constexpr ProviderKey<names::trust_email, &Provider::trust_email> trust_email{
      "Whether the issuer's `email_verified` is believed: it can then name any address."};
  constexpr ProviderKey<names::authorization_url, &Provider::authorization_url> authorization_url{
      "Where browsers are sent; empty: the provider's own address.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::token_url, &Provider::token_url> token_url{
      "Where codes become tokens; empty: the provider's own address.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::user_info_url, &Provider::user_info_url> user_info_url{
      "Who is asked about people; empty: the provider's own address.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::token_info_url, &Provider::token_info_url> token_info_url{
      "Who is asked whose a token is; empty: the provider's own address.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::api_url, &Provider::api_url> api_url{
      "Where the provider's methods begin; empty: its own address.", longest_url, Shape::https_url};
  constexpr ProviderKey<names::scopes, &Provider::scopes> scopes{
      "What is asked for instead of the least that is needed.", most_of_a_list, Shape::word};
  constexpr ProviderKey<names::label, &Provider::label> label{"Name on the button; empty: the usual one.",
                                                              longest_label};
  constexpr std::string_view name = provider_names[provider];
  if constexpr (name == "google-oauth2")
    return joined(client_id.of<provider>(), client_secret_file.of<provider>(), audiences.of<provider>(),
                  authorization_url.of<provider>(), token_url.of<provider>(), user_info_url.of<provider>(),
                  token_info_url.of<provider>(), scopes.of<provider>(), label.of<provider>());
  else if constexpr (name == "yandex-oauth2")
    return joined(client_id.of<provider>(), client_secret_file.of<provider>(), audiences.of<provider>(),
                  authorization_url.of<provider>(), token_url.of<provider>(), user_info_url.of<provider>(),
                  scopes.of<provider>(), label.of<provider>());
  else if constexpr (name == "vk-oauth2")
    return joined(client_id.of<provider>(), service_token_file.of<provider>(), authorization_url.of<provider>(),
                  token_url.of<provider>(), user_info_url.of<provider>(), api_url.of<provider>(), scopes.of<provider>(),
                  label.of<provider>());
  else if constexpr (name == "mailru")
    return joined(client_id.of<provider>(), client_secret_file.of<provider>(), authorization_url.of<provider>(),
                  token_url.of<provider>(), user_info_url.of<provider>(), scopes.of<provider>(), label.of<provider>());
  else if constexpr (name == "github")
    return joined(client_id.of<provider>(), client_secret_file.of<provider>(), authorization_url.of<provider>(),
                  token_url.of<provider>(), api_url.of<provider>(), scopes.of<provider>(), label.of<provider>());
  else
    return joined(client_id.of<provider>(), client_secret_file.of<provider>(), issuer.of<provider>(),
                  audiences.of<provider>(), trust_email.of<provider>(), scopes.of<provider>(), label.of<provider>());
}

}  // namespace propusk::config
