// How often an issuer is asked about itself, and what of its answers is believed.
#include "providers/issuer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "providers/testing/gateway_fixture.hpp"

namespace propusk::providers {
namespace {
namespace json = boost::json;
using testing::ScriptedFetcher;
using ::testing::StartsWith;
using testing::UpstreamRequest;
constexpr std::size_t key_refreshes = 6;  ///< a minute

struct IssuerTest : GatewayFixture {
  json::object claims_now() {
    return fakes.issuer().claims({.id = "7", .username = "ann"}, fakes.settings_of("oidc").client_id, clock.now());
  }
  std::string by_fresh_token() { return outcome(by_token("oidc", fakes.issuer().sign(claims_now()))); }
  [[nodiscard]] std::size_t descriptions() const { return fakes.requests_to("/oidc/.well-known/openid-configuration"); }
  [[nodiscard]] std::size_t key_sets() const { return fakes.requests_to("/oidc/jwks"); }
  /// What becomes of a browser when the issuer describes itself so.
  std::string described(json::object changes) {
    fakes.issuer().change_metadata(std::move(changes));
    set_up(fakes.settings());
    return outcome(question("oidc"));
  }
};

TEST_F(IssuerTest, is_asked_once_a_day_for_addresses_and_once_an_hour_for_keys) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(by_fresh_token(), "ok");
  EXPECT_EQ(descriptions(), 1U);
  EXPECT_EQ(key_sets(), 1U);
  clock.advance(std::chrono::minutes{61});
  EXPECT_EQ(by_fresh_token(), "ok");
  EXPECT_EQ(descriptions(), 1U);
  EXPECT_EQ(key_sets(), 2U);
  clock.advance(std::chrono::hours{24});
  EXPECT_EQ(by_fresh_token(), "ok");
  EXPECT_EQ(descriptions(), 2U);
}

TEST_F(IssuerTest, a_new_key_is_fetched_when_a_token_names_it) {
  EXPECT_EQ(by_fresh_token(), "ok");
  fakes.issuer().rotate();
  EXPECT_EQ(by_fresh_token(), "ok");
  EXPECT_EQ(key_sets(), 2U);
  EXPECT_EQ(descriptions(), 1U);
}

TEST_F(IssuerTest, tokens_with_invented_keys_make_it_ask_at_a_bounded_rate) {
  const json::object claims = claims_now();
  const auto invent = [&](int times) {
    for (int i = 0; i < times; ++i)
      EXPECT_EQ(outcome(by_token("oidc", fakes.issuer().sign(claims, {{"alg", "ES256"}, {"kid", "none"}}))),
                "token_refused");
  };

  invent(50);
  EXPECT_EQ(key_sets(), 1U + key_refreshes);
  EXPECT_EQ(by_fresh_token(), "ok") << "known keys need no asking";
  clock.advance(std::chrono::seconds{61});
  invent(50);
  EXPECT_EQ(key_sets(), 1U + 2 * key_refreshes);
}

TEST_F(IssuerTest, keys_serve_on_for_a_while_when_it_is_away) {
  EXPECT_EQ(by_fresh_token(), "ok");
  fetcher.fail_with(FetchFailure::unreachable);
  clock.advance(std::chrono::hours{23});
  EXPECT_EQ(by_fresh_token(), "ok");
  clock.advance(std::chrono::hours{2});
  EXPECT_EQ(by_fresh_token(), "unreachable");
  fetcher.fail_with(std::nullopt);
  EXPECT_EQ(by_fresh_token(), "ok");
}

TEST_F(IssuerTest, must_call_itself_by_its_name_and_speak_https) {
  EXPECT_EQ(described({}), "ok");
  EXPECT_EQ(described({{"issuer", "https://providers.test/oidc/"}}), "unintelligible");
  EXPECT_EQ(described({{"issuer", "https://evil.test"}}), "unintelligible");
  EXPECT_EQ(described({{"issuer", nullptr}}), "unintelligible");
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    EXPECT_EQ(described({{name, "http://providers.test/oidc/x"}}), "unintelligible") << name;
    EXPECT_EQ(described({{name, nullptr}}), "unintelligible") << name;
    EXPECT_EQ(described({{name, json::array{json::value("https://providers.test/oidc/x")}}}), "unintelligible") << name;
  }
  EXPECT_EQ(described({{"userinfo_endpoint", "http://providers.test/oidc/x"}}), "unintelligible");
  EXPECT_EQ(described({{"userinfo_endpoint", nullptr}}), "ok");
}

TEST_F(IssuerTest, what_is_refused_is_not_kept) {
  EXPECT_EQ(described({{"issuer", "https://evil.test"}}), "unintelligible");
  fakes.issuer().change_metadata({});
  EXPECT_EQ(outcome(question("oidc")), "ok");
}

TEST_F(IssuerTest, an_address_with_a_query_keeps_it) {
  fakes.issuer().change_metadata({{"authorization_endpoint", "https://providers.test/oidc/authorize?realm=a"}});
  EXPECT_THAT(question("oidc").value(),
              StartsWith("https://providers.test/oidc/authorize?realm=a&response_type=code&"));
}

TEST_F(IssuerTest, is_authenticated_to_as_it_says) {
  const auto request = [this](json::object changes) {
    fakes.issuer().change_metadata(std::move(changes));
    set_up(fakes.settings());
    EXPECT_EQ(outcome(by_code("oidc", "good7")), "ok") << log;
    return fakes.last_request_to("/oidc/token").value();
  };
  const char* const methods = "token_endpoint_auth_methods_supported";
  const auto list = [](std::initializer_list<const char*> names) {
    json::array out;
    for (const char* name : names) out.emplace_back(name);
    return out;
  };

  EXPECT_THAT(request({}).header("Authorization"), StartsWith("Basic "));
  EXPECT_EQ(request({}).form("client_secret"), "");
  const UpstreamRequest posted = request({{methods, list({"private_key_jwt", "client_secret_post"})}});
  EXPECT_EQ(posted.header("Authorization"), "");
  EXPECT_EQ(posted.form("client_secret"), fakes.settings_of("oidc").client_secret.reveal());

  fakes.issuer().change_metadata({{methods, list({"private_key_jwt"})}});
  set_up(fakes.settings());
  EXPECT_EQ(outcome(by_code("oidc", "good7")), "unintelligible");
}

TEST_F(IssuerTest, its_userinfo_is_asked_for_what_the_id_token_leaves_out) {
  const auto vouched = by_code("oidc", "good7");
  ASSERT_TRUE(vouched) << log;
  EXPECT_EQ((*vouched)->email, "good7@example.org");
  EXPECT_EQ(fakes.requests_to("/oidc/userinfo"), 1U);
  fakes.issuer().change_metadata({{"userinfo_endpoint", nullptr}});
  set_up(fakes.settings());
  const auto without = by_code("oidc", "good7");
  ASSERT_TRUE(without) << log;
  EXPECT_EQ((*without)->subject + (*without)->email, "7");
}

TEST_F(IssuerTest, an_answer_of_userinfo_about_somebody_else_is_not_used) {
  ScriptedFetcher liar([this](const UpstreamRequest& request) {
    return request.path() == "/oidc/userinfo" ? testing::json_answer(R"({"sub":"8","email":"victim@example.org"})")
                                              : fakes.answer(request);
  });
  gateway.emplace(fakes.settings(), deps(liar));

  EXPECT_EQ(outcome(by_code("oidc", "good7")), "foreign_token");
}

}  // namespace
}  // namespace propusk::providers
