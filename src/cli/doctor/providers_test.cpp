// Providers whose secret is not to be had, or whose servers do not answer.
#include "cli/doctor/testing/seeding.hpp"
#include "tests/support/test_authority.hpp"
#include "tests/support/tls_upstream.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using propusk::testing::TestAuthority;
using propusk::testing::TlsUpstream;
using propusk::testing::UpstreamRequest;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SeedingProviders : public Seeding {
 protected:
  /// GitHub, by whom `origin` answers.
  void set_up_github(const std::string& origin) {
    set("providers.github.client_id=ours");
    set("providers.github.client_secret_file=" + file("secret", "s\n"));
    set("providers.github.token_url=" + origin + "/token");
    set("providers.github.api_url=" + origin + "/api");
    set("outbound.ca_file=" + authority_.ca_file());
    set("outbound.allowed_networks=127.0.0.0/8,::1");
  }
  TestAuthority authority_;
  TlsUpstream upstream_{authority_,
                        [](const UpstreamRequest&) { return propusk::testing::UpstreamAnswer{.status = 404}; }};
};

TEST_F(SeedingProviders, WithoutAProviderNobodyIsAsked) { EXPECT_THAT(about("providers"), IsEmpty()); }

TEST_F(SeedingProviders, AProviderThatAnswersIsFineWhateverItSays) {
  set_up_github(upstream_.origin());
  EXPECT_THAT(about("providers"), ElementsAre(Says(Severity::ok, "/token answers", "")));
  EXPECT_EQ(upstream_.requests(), 1u) << "each host is asked once";
}

TEST_F(SeedingProviders, AProviderThatDoesNotAnswerIsFound) {
  set_up_github("https://localhost:1");
  EXPECT_THAT(about("providers"), ElementsAre(Says(Severity::error, "(unreachable)", "curl -v")));
}

TEST_F(SeedingProviders, AnAddressThatIsNeverAskedIsFound) {
  set_up_github(upstream_.origin());
  set("outbound.allowed_networks=");
  EXPECT_THAT(about("providers"), ElementsAre(Says(Severity::error, "special address", "outbound.allowed_networks")));
}

TEST_F(SeedingProviders, ASecretThatCannotBeReadIsFound) {
  set_up_github(upstream_.origin());
  set("providers.github.client_secret_file=/nowhere/secret");
  EXPECT_THAT(about("providers"),
              Contains(Says(Severity::error, "/nowhere/secret cannot be read", "write the secret")));
  set("providers.github.client_secret_file=" + file("secret", ""));
  EXPECT_THAT(about("providers"), Contains(Says(Severity::error, "only line", "write the secret")));
  set("providers.github.client_secret_file=" + file("secret", "s", 0644));
  EXPECT_THAT(about("providers"), Contains(Says(Severity::error, "open to every user", "chmod 600")));
}

TEST_F(SeedingProviders, AnIssuerIsAskedWhoItIs) {
  const TlsUpstream other(authority_, [](const UpstreamRequest&) {
    return propusk::testing::json_answer(R"({"issuer":"https://other.example.org"})");
  });
  set_up_github(upstream_.origin());
  set("providers.oidc.client_id=ours");
  set("providers.oidc.issuer=" + other.origin());
  EXPECT_THAT(about("providers"), Contains(Says(Severity::error, "metadata of another issuer", "")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
