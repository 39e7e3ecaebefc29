// What operators say of providers, of clients and of where they are asked: what is offered, and what is refused with
// which words.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "config/load.hpp"
#include "config/schema.hpp"

namespace propusk::config {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Values = std::vector<std::pair<std::string, std::string>>;

std::expected<Loaded, std::vector<Problem>> load_values(const Values& values) {
  Sources sources;
  for (const auto& [key, value] : values) sources.flags.push_back({key, value, "--set"});
  return load(sources);
}
std::vector<std::string> problems(const std::expected<Loaded, std::vector<Problem>>& loaded) {
  std::vector<std::string> texts;
  if (!loaded)
    for (const Problem& problem : loaded.error()) texts.push_back(problem.to_string());
  return texts;
}
std::vector<std::string> problems(const Values& values) { return problems(load_values(values)); }
/// The settings that sound values make.
Settings sound(const Values& values) {
  auto loaded = load_values(values);
  EXPECT_THAT(problems(loaded), IsEmpty());
  return loaded ? std::move(loaded->settings) : Settings();
}
Settings of_file(std::string text) {
  auto loaded = load({File{"propusk.toml", std::move(text)}, {}, {}});
  EXPECT_THAT(problems(loaded), IsEmpty());
  return loaded ? std::move(loaded->settings) : Settings();
}
const Settings::Provider& provider(const Settings& settings, std::string_view name) {
  const auto place = std::ranges::find(provider_names, name) - provider_names.begin();
  return settings.providers.at(static_cast<std::size_t>(place));
}
/// Enough of Google for it to be offered, plus `more`.
Values google(const Values& more = {}) {
  Values values{{"providers.google-oauth2.client_id", "id"}, {"providers.google-oauth2.client_secret_file", "/secret"}};
  values.insert(values.end(), more.begin(), more.end());
  return values;
}

TEST(ConfigProviders, NobodyIsOfferedUnlessTheOperatorSaysSo) {
  const Settings settings = sound({});
  for (const Settings::Provider& each : settings.providers) EXPECT_EQ(each.client_id, "");
  EXPECT_THAT(settings.outbound.allowed_networks, IsEmpty());
  EXPECT_EQ(settings.outbound.ca_file, "");
}

TEST(ConfigProviders, EveryKeyIsReadFromItsSection) {
  const Settings settings = of_file(
      "[providers.google-oauth2]\nclient_id = \"g\"\nclient_secret_file = \"/g\"\n"
      "audiences = [\"android\", \"ios\"]\nscopes = [\"openid\"]\nlabel = \"Google account\"\n"
      "authorization_url = \"https://a.test/a\"\ntoken_url = \"https://a.test/t\"\n"
      "user_info_url = \"https://a.test/u\"\ntoken_info_url = \"https://a.test/i\"\n"
      "[providers.vk-oauth2]\nclient_id = \"7\"\nservice_token_file = \"/v\"\napi_url = \"https://a.test/m\"\n"
      "[providers.oidc-2]\nclient_id = \"o\"\nissuer = \"https://id.test/\"\ntrust_email = true\n");

  const Settings::Provider& of_google = provider(settings, "google-oauth2");
  EXPECT_EQ(of_google.client_id + of_google.client_secret_file, "g/g");
  EXPECT_THAT(of_google.audiences, ElementsAre("android", "ios"));
  EXPECT_THAT(of_google.scopes, ElementsAre("openid"));
  EXPECT_EQ(of_google.label, "Google account");
  EXPECT_EQ(of_google.authorization_url, "https://a.test/a");
  EXPECT_EQ(of_google.token_url, "https://a.test/t");
  EXPECT_EQ(of_google.user_info_url, "https://a.test/u");
  EXPECT_EQ(of_google.token_info_url, "https://a.test/i");
  EXPECT_EQ(provider(settings, "vk-oauth2").service_token_file, "/v");
  EXPECT_EQ(provider(settings, "vk-oauth2").api_url, "https://a.test/m");
  EXPECT_EQ(provider(settings, "oidc-2").issuer, "https://id.test/") << "a slash at the end is part of an issuer";
  EXPECT_TRUE(provider(settings, "oidc-2").trust_email);
  EXPECT_FALSE(provider(settings, "oidc").trust_email);
  EXPECT_EQ(provider(settings, "oidc").client_id, "") << "each issuer has a section of its own";
}

TEST(ConfigProviders, DashesOfSectionsAreUnderlinesInTheEnvironment) {
  const auto loaded = load({{},
                            {"PROPUSK_PROVIDERS__GOOGLE_OAUTH2__CLIENT_ID=id",
                             "PROPUSK_PROVIDERS__GOOGLE_OAUTH2__CLIENT_SECRET_FILE=/secret"},
                            {}});
  ASSERT_THAT(problems(loaded), IsEmpty());
  EXPECT_EQ(provider(loaded->settings, "google-oauth2").client_id, "id");
}

TEST(ConfigProviders, NoTwoKeysHaveOneNameInTheEnvironment) {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.push_back(environment_name(key));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(ConfigProviders, EachProviderHasOnlyTheKeysThatItUses) {
  for (const char* key :
       {"providers.vk-oauth2.client_secret_file", "providers.vk-oauth2.audiences", "providers.mailru.audiences",
        "providers.github.user_info_url", "providers.github.issuer", "providers.google-oauth2.trust_email",
        "providers.google-oauth2.service_token_file", "providers.yandex-oauth2.token_info_url",
        "providers.oidc.token_url", "providers.oidc-4.issuer", "providers.facebook.client_id"})
    EXPECT_THAT(problems({{key, "x"}}), ElementsAre(HasSubstr("there is no such key"))) << key;
}

TEST(ConfigProviders, AMistypedProviderIsToldTheNearest) {
  EXPECT_THAT(problems({{"providers.google.client_id", "x"}}),
              ElementsAre(HasSubstr("did you mean providers.google-oauth2.client_id")));
  EXPECT_THAT(problems({{"providers.github.client_secret", "x"}}),
              ElementsAre(HasSubstr("did you mean providers.github.client_secret_file")));
}

TEST(ConfigProviders, ASecretItselfHasNoKeyAnywhere) {
  for (const Key& key : keys())
    if (key.path.starts_with(provider_section) && (key.path.contains("secret") || key.path.contains("service_token")))
      EXPECT_TRUE(key.path.ends_with("_file")) << key.path << ": `config print` and `ps` would show it";
}

TEST(ConfigProviders, WhatIsBegunMustBeWhole) {
  for (const std::string name : {"google-oauth2", "yandex-oauth2", "mailru", "github"}) {
    const std::string section = "providers." + name + ".";
    EXPECT_THAT(problems({{section + "client_id", "id"}}),
                ElementsAre(AllOf(HasSubstr(section + "client_secret_file"), HasSubstr("of no use without it"))));
    EXPECT_THAT(problems({{section + "client_secret_file", "/secret"}}),
                ElementsAre(AllOf(HasSubstr(section + "client_id"), HasSubstr("the provider is not offered"))));
    EXPECT_THAT(problems({{section + "client_id", "id"}, {section + "client_secret_file", "/secret"}}), IsEmpty());
  }
}

TEST(ConfigProviders, AnyKeyOfASectionBeginsIt) {
  for (const Values& begun :
       {Values{{"providers.google-oauth2.label", "G"}}, Values{{"providers.google-oauth2.scopes", "openid"}},
        Values{{"providers.google-oauth2.audiences", "ios"}},
        Values{{"providers.google-oauth2.token_info_url", "https://a.test/"}},
        Values{{"providers.vk-oauth2.service_token_file", "/token"}},
        Values{{"providers.github.api_url", "https://a.test/"}}, Values{{"providers.oidc.issuer", "https://id.test"}},
        Values{{"providers.oidc-3.trust_email", "true"}}})
    EXPECT_THAT(problems(begun), ElementsAre(HasSubstr(".client_id = \"\": "))) << begun[0].first;
}

TEST(ConfigProviders, VkNeedsNoSecretAndAnIssuerMayHaveNone) {
  EXPECT_THAT(problems({{"providers.vk-oauth2.client_id", "7"}}), IsEmpty());
  for (const std::string section : {"providers.oidc.", "providers.oidc-2.", "providers.oidc-3."}) {
    EXPECT_THAT(problems({{section + "client_id", "id"}}),
                ElementsAre(AllOf(HasSubstr(section + "issuer"), HasSubstr("nobody can be asked"))));
    EXPECT_THAT(problems({{section + "client_id", "id"}, {section + "issuer", "https://id.test"}}), IsEmpty());
  }
}

TEST(ConfigProviders, EverySectionIsJudgedAndAKeyThatIsWrongIsNotMissingToo) {
  EXPECT_THAT(problems({{"providers.google-oauth2.client_id", "id"}, {"providers.oidc.client_id", "id"}}),
              ElementsAre(HasSubstr("google-oauth2.client_secret_file"), HasSubstr("oidc.issuer")));
  EXPECT_THAT(problems({{"providers.oidc.client_id", "id"}, {"providers.oidc.issuer", "http://id.test"}}),
              ElementsAre(AllOf(HasSubstr("providers.oidc.issuer"), HasSubstr("begins with https://"))));
}

TEST(ConfigProviders, ProvidersAreAskedOverTlsAtAPlainAddress) {
  for (const char* url : {"http://a.test/", "https://", "https:///path", "https://user@a.test/", "https://a.test/#part",
                          "https://a.test\\@evil.test/", "https://a.test/ space", "https://а.test/", "HTTPS://a.test/",
                          "ftp://a.test/", "a.test", "javascript:alert(1)"})
    EXPECT_THAT(problems(google({{"providers.google-oauth2.token_url", url}})),
                ElementsAre(HasSubstr("begins with https://")))
        << url;
  for (const char* url : {"https://a.test", "https://a.test:8443/x?y=z", "https://[::1]:8443/", "https://127.0.0.1/"})
    EXPECT_THAT(problems(google({{"providers.google-oauth2.token_url", url}})), IsEmpty()) << url;
}

TEST(ConfigProviders, TextsHaveTheirLimitsToTheByte) {
  const auto id = [](std::size_t size) {
    return problems({{"providers.vk-oauth2.client_id", std::string(size, '7')}});
  };
  EXPECT_THAT(id(300), IsEmpty());
  EXPECT_THAT(id(301), ElementsAre(HasSubstr("at most 300 bytes")));
  EXPECT_THAT(problems(google({{"providers.google-oauth2.label", std::string(60, 'G')}})), IsEmpty());
  EXPECT_THAT(problems(google({{"providers.google-oauth2.label", std::string(61, 'G')}})),
              ElementsAre(HasSubstr("at most 60 bytes")));
  EXPECT_THAT(problems(google({{"providers.google-oauth2.label", "a\nb"}})), ElementsAre(HasSubstr("control")));
  for (const char* spaced : {"a b", "идентификатор", "id "})
    EXPECT_THAT(problems({{"providers.vk-oauth2.client_id", spaced}}), ElementsAre(HasSubstr("not ASCII"))) << spaced;
}

TEST(ConfigProviders, ListsHaveTheirLimitsAndNoEmptyWords) {
  const auto audiences = [](std::size_t count) {
    std::string list = "a";
    for (std::size_t i = 1; i < count; ++i) list += ",a";
    return problems(google({{"providers.google-oauth2.audiences", list}}));
  };
  EXPECT_THAT(audiences(16), IsEmpty());
  EXPECT_THAT(audiences(17), ElementsAre(HasSubstr("at most 16 of them")));
  EXPECT_THAT(problems(google({{"providers.google-oauth2.scopes", "openid,,email"}})),
              ElementsAre(HasSubstr("may not be empty")));
  EXPECT_THAT(problems(google({{"providers.google-oauth2.scopes", "openid email"}})),
              ElementsAre(HasSubstr("leave out spaces")));
}

TEST(ConfigProviders, OutboundNetworksAreNamedAndNeverAll) {
  const Settings settings = sound({{"outbound.allowed_networks", "10.1.0.0/16, ::1"}, {"outbound.ca_file", "/ca.pem"}});
  EXPECT_EQ(settings.outbound.allowed_networks.size(), 2U);
  EXPECT_EQ(settings.outbound.ca_file, "/ca.pem");
  for (const char* list : {"0.0.0.0/0", "::/0", "10.0.0.0/8,0.0.0.0/0", "::ffff:0.0.0.0/96"})
    EXPECT_THAT(problems({{"outbound.allowed_networks", list}}), ElementsAre(HasSubstr("outbound.allowed_networks")))
        << list;
  for (const char* list : {"provider.test", "10.0.0.0/33", "10.0.0.0/8,", "10.0.0.0/8;10.1.0.0/16"})
    EXPECT_THAT(problems({{"outbound.allowed_networks", list}}), ElementsAre(HasSubstr("is not a network"))) << list;
}

TEST(ConfigProviders, AConnectionByMailboxIsOneOfTwoPolicies) {
  EXPECT_EQ(sound({}).social.link_verified_email, LinkVerifiedEmail::authoritative);
  EXPECT_EQ(sound({{"social.link_verified_email", "never"}}).social.link_verified_email, LinkVerifiedEmail::never);
  for (const char* other : {"always", "verified", "true", "", "NEVER"})
    EXPECT_THAT(problems({{"social.link_verified_email", other}}), ElementsAre(HasSubstr("never or authoritative")))
        << other;
}

TEST(ConfigProviders, ProvidersSendNobodyToAppsThatAreNotListed) {
  EXPECT_THAT(sound({}).social.redirect_uris, IsEmpty());
  EXPECT_THAT(sound({{"social.redirect_uris", "https://app.example.org/cb, com.example.app:/cb"}}).social.redirect_uris,
              ElementsAre("https://app.example.org/cb", "com.example.app:/cb"));
  std::string many = "https://a.test/0";
  for (int i = 1; i < 65; ++i) many += ",https://a.test/" + std::to_string(i);
  EXPECT_THAT(problems({{"social.redirect_uris", many}}), ElementsAre(HasSubstr("at most 64 of them")));
}

TEST(ConfigProviders, TokensOfClientsLiveWithinTheirBounds) {
  const Settings settings = sound({});
  EXPECT_EQ(sound({{"oauth.access_lifetime", "1m"}}).oauth.access_lifetime, 60s);
  EXPECT_FALSE(settings.oauth.password_grant) << "RFC 9700 §2.4";
  EXPECT_EQ(settings.oauth.access_lifetime, 10h);
  EXPECT_EQ(sound({{"oauth.access_lifetime", "30d"}}).oauth.access_lifetime, std::chrono::days{30});
  EXPECT_EQ(sound({{"oauth.refresh_lifetime", "1h"}}).oauth.refresh_lifetime, 1h);
  EXPECT_TRUE(sound({{"oauth.password_grant", "true"}}).oauth.password_grant);
  for (const auto& [key, value] : Values{{"oauth.access_lifetime", "59s"},
                                         {"oauth.access_lifetime", "2592001s"},
                                         {"oauth.access_lifetime", "60500ms"},
                                         {"oauth.refresh_lifetime", "3599s"},
                                         {"oauth.refresh_lifetime", "181d"},
                                         {"oauth.password_grant", "yes"}})
    EXPECT_THAT(problems({{key, value}}), ElementsAre(HasSubstr(key + " = \"" + value + "\": write "))) << value;
}

}  // namespace
}  // namespace propusk::config
