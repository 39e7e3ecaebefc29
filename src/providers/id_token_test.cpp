// Forged, foreign and stale id_tokens: what is wrong with one claim is wrong with all of it (OpenID Connect Core
// §3.1.3.7).
#include "providers/id_token.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <functional>

#include "providers/testing/gateway_fixture.hpp"

namespace propusk::providers {
namespace {
namespace json = boost::json;
using Claims = json::object;

struct IdTokenTest : GatewayFixture {
  [[nodiscard]] std::string client() const { return fakes.settings_of("oidc").client_id; }
  [[nodiscard]] std::int64_t now() const { return stored(clock.now()) / 1'000'000; }
  /// Claims that are believed.
  Claims right() {
    return fakes.issuer().claims({.id = "7", .username = "ann", .email = "ann@example.org"}, client(), clock.now());
  }
  std::string by_claims(const Claims& claims) { return outcome(by_token("oidc", fakes.issuer().sign(claims))); }
  /// What becomes of right claims that were changed, and signed by the issuer all the same.
  std::string changed(const std::function<void(Claims&)>& change) {
    Claims claims = right();
    change(claims);
    return by_claims(claims);
  }
  std::string with_header(const json::object& header) {
    return outcome(by_token("oidc", fakes.issuer().sign(right(), header)));
  }
};

TEST_F(IdTokenTest, the_right_one_is_believed) {
  const auto vouched = by_token("oidc", fakes.issuer().sign(right()));

  ASSERT_TRUE(vouched) << log;
  EXPECT_EQ((*vouched)->subject + " " + (*vouched)->email + " " + (*vouched)->username, "7 ann@example.org ann");
  EXPECT_EQ((*vouched)->email_trust, core::EmailTrust::none);
  set_up_only("oidc", [](ProviderSettings& own) { own.trusts_email = true; });
  EXPECT_EQ((*by_token("oidc", fakes.issuer().sign(right())))->email_trust, core::EmailTrust::verified);
}

TEST_F(IdTokenTest, the_issuer_is_exact) {
  for (const char* issuer : {"https://providers.test/oidc/", "https://providers.test", "https://Providers.test/oidc",
                             "http://providers.test/oidc", ""})
    EXPECT_EQ(changed([&](Claims& c) { c["iss"] = issuer; }), "foreign_token") << issuer;
  EXPECT_EQ(changed([](Claims& c) { c.erase("iss"); }), "foreign_token");
  EXPECT_EQ(changed([&](Claims& c) { c["iss"] = json::array{json::value(fakes.issuer().name())}; }), "foreign_token");
}

TEST_F(IdTokenTest, the_audience_is_us) {
  const auto list = [](const std::string& id) { return json::array{json::value(id)}; };

  EXPECT_EQ(changed([](Claims& c) { c["aud"] = "somebody-elses-app"; }), "foreign_token");
  EXPECT_EQ(changed([&](Claims& c) { c["aud"] = list(client()); }), "ok");
  EXPECT_EQ(changed([&](Claims& c) { c["aud"] = list("somebody-elses-app"); }), "foreign_token");
  EXPECT_EQ(changed([&](Claims& c) { c["aud"] = client() + "x"; }), "foreign_token");
  for (const json::value& none : {json::value(), json::value(1), json::value(json::array()),
                                  json::value(json::object()), json::value(json::array{json::value(1)})})
    EXPECT_NE(changed([&](Claims& c) { c["aud"] = none; }), "ok") << json::serialize(none);
  EXPECT_NE(changed([](Claims& c) { c.erase("aud"); }), "ok");
}

TEST_F(IdTokenTest, with_several_audiences_we_must_be_the_authorized_party) {
  const auto both = [this](Claims& c) {
    c["aud"] = json::array{json::value(client()), json::value("somebody-elses-app")};
  };

  EXPECT_EQ(changed(both), "foreign_token") << "no azp";
  EXPECT_EQ(changed([&](Claims& c) { both(c), c["azp"] = "somebody-elses-app"; }), "foreign_token");
  EXPECT_EQ(changed([&](Claims& c) { both(c), c["azp"] = client(); }), "ok");
  EXPECT_EQ(changed([](Claims& c) { c["azp"] = "somebody-elses-app"; }), "foreign_token") << "with one audience too";
  EXPECT_EQ(changed([](Claims& c) { c["azp"] = nullptr; }), "foreign_token");

  set_up_only("oidc", [](ProviderSettings& own) { own.audiences = {"android-app"}; });
  EXPECT_EQ(changed([](Claims& c) { c["azp"] = "android-app"; }), "ok");
  EXPECT_EQ(changed([](Claims& c) { c["aud"] = "android-app"; }), "ok");
}

TEST_F(IdTokenTest, times_hold_within_the_skew) {
  const auto at = [this](const char* name, std::int64_t offset) {
    return changed([&](Claims& c) { c[name] = now() + offset; });
  };

  EXPECT_EQ(at("exp", -60), "token_refused");
  EXPECT_EQ(at("exp", -59), "ok");
  EXPECT_EQ(at("iat", 61), "token_refused");
  EXPECT_EQ(at("iat", 60), "ok");
  EXPECT_EQ(at("nbf", 61), "token_refused");
  EXPECT_EQ(at("nbf", 60), "ok");
  EXPECT_EQ(changed([&](Claims& c) { c["exp"] = static_cast<double>(now()) + 1.5; }), "ok");
  for (const char* name : {"exp", "iat"}) {
    EXPECT_EQ(changed([&](Claims& c) { c.erase(name); }), "unintelligible") << name;
    EXPECT_EQ(changed([&](Claims& c) { c[name] = "9999999999"; }), "unintelligible") << name;
  }
  EXPECT_EQ(changed([](Claims& c) { c["nbf"] = "0"; }), "token_refused");
  EXPECT_EQ(changed([](Claims& c) { c["exp"] = 1e300; }), "ok") << "no overflow";
}

TEST_F(IdTokenTest, the_subject_is_there) {
  EXPECT_EQ(changed([](Claims& c) { c.erase("sub"); }), "unintelligible");
  EXPECT_EQ(changed([](Claims& c) { c["sub"] = ""; }), "unintelligible");
  EXPECT_EQ(changed([](Claims& c) { c["sub"] = std::string(256, 'x'); }), "unintelligible");
}

TEST_F(IdTokenTest, only_a_key_of_the_issuer_signs) {
  EXPECT_EQ(with_header({{"alg", "ES256"}, {"kid", "key-1"}}), "ok");
  EXPECT_EQ(with_header({{"alg", "ES256"}, {"kid", "key-2"}}), "token_refused");
  EXPECT_EQ(with_header({{"alg", "none"}, {"kid", "key-1"}}), "token_refused");
  EXPECT_EQ(with_header({{"alg", "HS256"}, {"kid", "key-1"}}), "token_refused");
  const std::string token = fakes.issuer().sign(right());
  Claims forged = right();
  forged["sub"] = "1";
  const std::string payload = to_base64url(as_bytes(json::serialize(forged)));
  EXPECT_EQ(outcome(by_token("oidc", token.substr(0, token.find('.') + 1) + payload + token.substr(token.rfind('.')))),
            "token_refused");
  for (const std::string& wrong : {token.substr(0, token.rfind('.')), token + "x", token + ".x",
                                   token.substr(0, token.rfind('.') + 1), std::string("a.b.c"), std::string("..")})
    EXPECT_EQ(outcome(by_token("oidc", wrong)), "token_refused") << wrong;
}

TEST_F(IdTokenTest, what_else_the_issuer_signs_is_no_id_token) {
  EXPECT_EQ(with_header({{"alg", "ES256"}, {"kid", "key-1"}, {"typ", "at+jwt"}}), "token_refused");
  EXPECT_EQ(with_header({{"alg", "ES256"}, {"kid", "key-1"}, {"typ", "logout+jwt"}}), "token_refused");
  EXPECT_EQ(with_header({{"alg", "ES256"}, {"kid", "key-1"}, {"typ", 1}}), "token_refused");
  EXPECT_EQ(changed([](Claims& c) { c["events"] = json::object{}; }), "token_refused");
}

TEST_F(IdTokenTest, of_a_thousand_foreign_ones_none_is_accepted) {
  std::size_t foreign = 0, ours = 0;
  for (int number = 0; number < 1'000; ++number) {
    Claims claims = right();
    claims["sub"] = std::to_string(number);
    if (by_claims(claims) == "ok") ++ours;
    claims["aud"] = "app-" + std::to_string(number);
    if (by_claims(claims) == "ok") ++foreign;
  }
  EXPECT_EQ(foreign, 0U);
  EXPECT_EQ(ours, 1'000U);
}

TEST_F(IdTokenTest, a_code_flow_is_bound_by_its_nonce) {
  core::AuthorizationAnswer answer = consent("oidc", "good7");
  answer.nonce = "nonce-2";
  EXPECT_EQ(outcome(by_code("oidc", std::move(answer))), "token_refused");
  EXPECT_EQ(outcome(by_code("oidc", "good7")), "ok");
}

TEST_F(IdTokenTest, a_code_flow_takes_tokens_for_our_own_client_only) {
  set_up_only("oidc", [](ProviderSettings& own) { own.audiences = {"android-app"}; });
  fakes.issue("oidc", "of-the-app", {.person = {.id = "7"}, .client = "android-app"});

  EXPECT_EQ(outcome(by_code("oidc", "of-the-app")), "foreign_token");
}

/// The example of OpenID Connect Core, appendix A.3.
TEST_F(IdTokenTest, at_hash_is_that_of_the_access_token) {
  const std::array clients{client()};
  const Secret<> access_token("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
  const auto judged = [&](std::string_view at_hash, std::string_view algorithm) {
    Claims claims = right();
    claims["at_hash"] = at_hash;
    return judge_claims(claims, {.issuer = fakes.issuer().name(),
                                 .clients = clients,
                                 .access_token = &access_token,
                                 .algorithm = algorithm,
                                 .now = clock.now()})
        .has_value();
  };

  EXPECT_TRUE(judged("77QmUPtjPfzWtF2AnpK9RQ", "RS256"));
  EXPECT_TRUE(judged("77QmUPtjPfzWtF2AnpK9RQ", "ES256"));
  EXPECT_FALSE(judged("77QmUPtjPfzWtF2AnpK9RR", "RS256"));
  EXPECT_FALSE(judged("", "RS256"));
  EXPECT_FALSE(judged("77QmUPtjPfzWtF2AnpK9RQ", "EdDSA")) << "there it is half of SHA-512";
}

}  // namespace
}  // namespace propusk::providers
