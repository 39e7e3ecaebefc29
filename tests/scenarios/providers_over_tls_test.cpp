// The whole way of a provider's word: configuration, HTTPS, signatures, judgement; only the providers are fakes.
#include <gmock/gmock.h>

#include <optional>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "cli/provider_settings.hpp"
#include "platform/jose/public_keys.hpp"
#include "platform/outbound/curl_fetcher.hpp"
#include "platform/system_clock.hpp"
#include "providers/gateway.hpp"
#include "tests/support/scripted_fetcher.hpp"
#include "tests/support/served_providers.hpp"

namespace propusk {
namespace {
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, appendix B

struct ProvidersOverTlsTest : ::testing::Test {
  ProvidersOverTlsTest() {
    served.fakes.issuer().set_now(clock.now());
    fetcher.start();
  }
  ~ProvidersOverTlsTest() override { fetcher.stop(); }

  [[nodiscard]] Deadline soon() const { return clock.monotonic() + seconds{20}; }
  template <class T>
  static std::string outcome(const core::ProviderResult<T>& result) {
    return result ? "ok" : std::string(core::provider_failure_name(result.error()));
  }
  std::string by_token(const std::string& backend, const std::string& token) {
    return outcome(testing::result_of(gateway.vouch_for_token(backend, Secret<>(token), soon())));
  }
  std::string by_code(const std::string& backend, const std::string& visitor) {
    const std::string redirect_uri = "https://id.example.org/auth/complete/" + backend + "/";
    const auto address =
        testing::result_of(gateway.authorization_url(backend,
                                                     {.redirect_uri = redirect_uri,
                                                      .state = "state-1",
                                                      .nonce = "nonce-1",
                                                      .code_challenge = to_base64url(sha256(verifier).bytes)},
                                                     soon()));
    if (!address) return outcome(address);
    served.fakes.set_visitor(visitor);
    std::map<std::string, std::string> brought = served.fakes.visit(*address);
    return outcome(testing::result_of(gateway.vouch_for_code(backend,
                                                             {.code = Secret<>(brought["code"]),
                                                              .redirect_uri = redirect_uri,
                                                              .code_verifier = Secret<>(verifier),
                                                              .nonce = "nonce-1",
                                                              .state = brought["state"],
                                                              .device_id = brought["device_id"]},
                                                             soon())));
  }

  platform::SystemClock clock;
  testing::ServedProviders served;
  config::Settings settings = testing::settings_of(served.configuration());
  platform::CurlFetcher fetcher{{.allowed = settings.outbound.allowed_networks, .ca_file = settings.outbound.ca_file},
                                clock};
  platform::JosePublicKeys keys;
  providers::Gateway gateway{cli::provider_settings(settings),
                             {.fetcher = fetcher, .public_keys = keys, .clock = clock}};
};

TEST_F(ProvidersOverTlsTest, every_provider_vouches_for_tokens_and_codes) {
  for (const char* backend : {"google-oauth2", "yandex-oauth2", "vk-oauth2", "github"}) {
    EXPECT_EQ(by_token(backend, "good7"), "ok") << backend;
    EXPECT_NE(by_token(backend, "theirs7"), "ok") << backend;
  }
  EXPECT_EQ(by_token("vk-oauth2", "vkid-good7"), "ok");
  EXPECT_NE(by_token("vk-oauth2", "vkid-theirs7"), "ok");
  for (const char* backend : {"google-oauth2", "yandex-oauth2", "vk-oauth2", "mailru", "github", "oidc"})
    EXPECT_EQ(by_code(backend, "good7"), "ok") << backend;
}

TEST_F(ProvidersOverTlsTest, an_id_token_is_believed_by_the_issuers_published_key) {
  testing::FakeIssuer& issuer = served.fakes.issuer();
  const std::string client = served.fakes.settings_of("oidc").client_id;
  const auto token = [&](const testing::FakeIssuer& by) {
    auto claims = issuer.claims({.id = "7", .username = "ann"}, client, clock.now());
    return by.sign(claims);
  };

  const std::string of_the_first_key = token(issuer);
  EXPECT_EQ(by_token("oidc", of_the_first_key), "ok");
  issuer.rotate();
  EXPECT_EQ(by_token("oidc", token(issuer)), "ok");
  EXPECT_EQ(by_token("oidc", of_the_first_key), "token_refused") << "its key is no longer published";
  testing::FakeIssuer forger;  // its first key is the issuer's first one; its third is nobody's
  forger.rotate();
  forger.rotate();
  EXPECT_EQ(by_token("oidc", token(forger)), "token_refused");
  const std::string forged = forger.sign(issuer.claims({.id = "7"}, client, clock.now()),
                                         {{"alg", "ES256"}, {"kid", "key-2"}, {"typ", "JWT"}});
  EXPECT_EQ(by_token("oidc", forged), "token_refused") << "by another key under a name that is published";
}

struct EveryProviderOverTls : ProvidersOverTlsTest, ::testing::WithParamInterface<const char*> {
  /// What comes of a token of this name, by each way that the provider is asked by.
  std::set<std::string> outcomes(const std::string& token) {
    const std::string backend = GetParam();
    std::set<std::string> all{by_code(backend, token)};
    if (backend == "mailru" || backend == "oidc") return all;  // no access token is taken of them
    all.insert(by_token(backend, token));
    if (backend == "vk-oauth2") all.insert(by_token(backend, "vkid-" + token));
    return all;
  }
};

TEST_P(EveryProviderOverTls, misbehaves_within_bounds_and_by_name) {
  EXPECT_THAT(outcomes("bad"), Each(AnyOf("token_refused", "access_revoked"))) << "VK's old interface says the latter";
  EXPECT_THAT(outcomes("garbage"), ElementsAre("unintelligible"));
  EXPECT_THAT(outcomes("huge"), ElementsAre("unintelligible"));
  EXPECT_THAT(outcomes("redirect"), ElementsAre("unintelligible"));
  EXPECT_THAT(outcomes("down"), ElementsAre("unreachable"));
  EXPECT_THAT(outcomes("good1"), ElementsAre("ok")) << "a failure or two open no circuit";
}

TEST_P(EveryProviderOverTls, is_waited_for_three_seconds_and_no_longer) {
  const Deadline begin = clock.monotonic();
  EXPECT_EQ(by_code(GetParam(), "slow"), "unreachable");
  EXPECT_LT(clock.monotonic() - begin, providers::fetch_patience + seconds{5});
}

INSTANTIATE_TEST_SUITE_P(Backends, EveryProviderOverTls,
                         ::testing::Values("google-oauth2", "yandex-oauth2", "vk-oauth2", "mailru", "github", "oidc"));

}  // namespace
}  // namespace propusk
