// A server whose providers are reached over HTTPS: where it goes, whom it believes, and what operators see of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "base/outage.hpp"
#include "tests/scenarios/oauth_client.hpp"
#include "tests/support/served_providers.hpp"

namespace propusk::testing {
namespace {
using ::testing::HasSubstr;

struct OutboundTest : ::testing::Test {
  OutboundTest() { served.fakes.issuer().set_now(FakeClock().now()); }
  [[nodiscard]] config::Settings settings() const {
    config::Settings all = oauth_settings();
    served.offer(all);
    return all;
  }
  ServedProviders served;
};

TEST_F(OutboundTest, a_provider_on_this_machine_is_asked_only_where_it_is_allowed) {
  config::Settings strict = settings();
  strict.outbound.allowed_networks.clear();
  TestServer server(strict);
  const OauthClient client(server);

  EXPECT_NE(client.convert("google-oauth2", "good7").status, 200);
  EXPECT_EQ(served.upstream.connections(), 0U);

  server.restart_with(settings());
  EXPECT_EQ(client.convert("google-oauth2", "good7").status, 200);
  EXPECT_GT(served.upstream.connections(), 0U);
}

TEST_F(OutboundTest, nobody_comes_in_over_a_connection_that_another_authority_certified) {
  const TestAuthority stranger;
  config::Settings all = settings();
  all.outbound.ca_file = stranger.ca_file();
  TestServer server(all);
  const OauthClient client(server);

  EXPECT_NE(client.convert("google-oauth2", "good7").status, 200);
  EXPECT_EQ(served.upstream.requests(), 0U);
}

TEST_F(OutboundTest, requests_are_in_the_metrics) {
  config::Settings all = settings();
  all.server.metrics_listen = config::Endpoint{"127.0.0.1", 0};
  TestServer server(all);
  const OauthClient client(server);
  for (int i = 0; i < 6; ++i) EXPECT_NE(client.convert("google-oauth2", "down").status, 200);

  const std::string metrics = ask(server.application().monitoring_port(), "GET", "/metrics").body;

  EXPECT_THAT(metrics, HasSubstr("propusk_outbound_requests_total{outcome=\"server_error\"} 5\n"));
  EXPECT_THAT(metrics, HasSubstr("propusk_outbound_requests_total{outcome=\"circuit_open\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("propusk_outbound_requests_total{outcome=\"forbidden_address\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("\npropusk_outbound_open_circuits 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\npropusk_outbound_in_flight 0\n"));
}

TEST_F(OutboundTest, the_end_of_the_server_answers_whoever_still_waits) {
  auto server = std::make_unique<TestServer>(settings());
  const OauthClient client(*server);
  Answer answer;
  std::thread waiting([&] { answer = client.convert("google-oauth2", "slow"); });
  while (served.upstream.requests() == 0) std::this_thread::yield();
  server->application().stop();
  waiting.join();

  EXPECT_GE(answer.status, 400) << "an answer, and no open door";
}

TEST_F(OutboundTest, a_ca_file_that_is_none_is_told_at_the_start) {
  config::Settings wrong = settings();
  wrong.outbound.ca_file = "/dev/null";
  try {
    const TestServer server(wrong);
    FAIL() << "it started";
  } catch (const Outage& outage) {
    EXPECT_EQ(std::string(outage.what()), "outbound.ca_file: no PEM certificate can be read from /dev/null");
  }
}

TEST_F(OutboundTest, an_id_token_signs_in_whom_the_issuer_signed_for_us) {
  TestServer server(settings());
  const OauthClient client(server);
  FakeIssuer& issuer = served.fakes.issuer();
  const std::string own = served.fakes.settings_of("oidc").client_id;
  const FakePerson ann{.id = "7", .username = "ann"};

  EXPECT_EQ(client.convert("oidc", issuer.sign(issuer.claims(ann, own, server.clock().now()))).status, 200);
  EXPECT_NE(client.convert("oidc", issuer.sign(issuer.claims(ann, "another-app", server.clock().now()))).status, 200);
  EXPECT_NE(
      client.convert("oidc", issuer.sign(issuer.claims(ann, own, server.clock().now()), {{"alg", "none"}})).status,
      200);
}

}  // namespace
}  // namespace propusk::testing
