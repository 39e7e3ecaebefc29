// The rules that settings must keep together: each is broken once, and kept in a neighbouring case.
#include <gmock/gmock.h>

#include "config/load.hpp"

namespace propusk::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Values = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> problems(const Values& values) {
  Sources sources;
  for (const auto& [key, value] : values) sources.flags.push_back({key, value, "--set"});
  std::vector<std::string> texts;
  if (const auto loaded = load(sources); !loaded)
    for (const Problem& problem : loaded.error()) texts.push_back(problem.to_string());
  return texts;
}
/// A sound public server behind a proxy, plus `more`.
std::vector<std::string> public_problems(const Values& more) {
  Values values{{"server.listen", "0.0.0.0:80"},
                {"server.trusted_proxies", "10.0.0.1"},
                {"server.public_origin", "https://id.example.org"}};
  values.insert(values.end(), more.begin(), more.end());
  return problems(values);
}

TEST(ConfigChecks, LinksStayOutOfTheLogOfAPublicServer) {
  EXPECT_THAT(public_problems({{"mail.transport", "log"}}), ElementsAre(HasSubstr("would lie in the log")));
  EXPECT_THAT(problems({{"mail.transport", "log"}}), IsEmpty());
}

TEST(ConfigChecks, APasswordForTheMailServerNeedsTlsUnlessItIsThisMachine) {
  const auto without_tls = [](const char* url) {
    return problems({{"mail.smtp_tls", "none"}, {"mail.smtp_url", url}});
  };
  EXPECT_THAT(without_tls("smtp://robot@mail.example.org"), ElementsAre(HasSubstr("in clear")));
  for (const char* url : {"smtp://mail.example.org", "smtp://robot@127.0.0.1:25", "smtps://robot@mail.example.org"})
    EXPECT_THAT(without_tls(url), IsEmpty()) << url;
}

TEST(ConfigChecks, APublicListenerNeedsTlsOrATrustedProxy) {
  const Values open{{"server.listen", "0.0.0.0:80"}, {"server.public_origin", "http://id.example.org"}};
  EXPECT_THAT(problems(open), ElementsAre(AllOf(HasSubstr("--set: server.listen = \"0.0.0.0:80\": "),
                                                HasSubstr("server.tls_certificate"),
                                                HasSubstr("server.trusted_proxies"), HasSubstr("127.0.0.1"))));
  EXPECT_THAT(problems({{"server.listen", "[::]:80"}, {"server.public_origin", "http://id.example.org"}}),
              ElementsAre(HasSubstr("[::]:80")));

  EXPECT_THAT(public_problems({}), IsEmpty());
  EXPECT_THAT(problems({{"server.listen", "0.0.0.0:443"},
                        {"server.public_origin", "https://id.example.org"},
                        {"server.tls_certificate", "a.pem"},
                        {"server.tls_key", "b.pem"}}),
              IsEmpty());
  EXPECT_THAT(problems({{"server.listen", "[::1]:80"}}), IsEmpty());
  EXPECT_THAT(problems({{"server.listen", "localhost:80"}}), IsEmpty());
}

TEST(ConfigChecks, TrustingEverybodyIsNoProxy) {
  for (const char* everybody : {"0.0.0.0/0", "::/0", "10.0.0.1,0.0.0.0/0"})
    EXPECT_THAT(public_problems({{"server.trusted_proxies", everybody}}),
                ElementsAre(HasSubstr("is every address there is")))
        << everybody;
}

TEST(ConfigChecks, APublicListenerNeedsAnOrigin) {
  EXPECT_THAT(problems({{"server.listen", "0.0.0.0:80"}, {"server.trusted_proxies", "10.0.0.1"}}),
              ElementsAre(HasSubstr("default: server.public_origin = \"\": set it to the address that people type")));
}

TEST(ConfigChecks, AnOriginIsWrittenAsBrowsersSendIt) {
  for (const char* origin : {"example.org", "https://example.org/", "https://Example.org", "https://a@example.org",
                             "https://", "ftp://example.org", "https://example.org:443", "http://example.org:80",
                             "https://example.org:0", "https://example.org:99999", "https://пример.рф", "https://[::1",
                             "https://.example.org", "https://exam ple.org"})
    EXPECT_THAT(problems({{"server.public_origin", origin}}), ElementsAre(HasSubstr("server.public_origin"))) << origin;
  for (const char* origin : {"https://example.org", "http://localhost:8080", "https://[::1]:8443", "https://[::1]",
                             "https://xn--e1afmkfd.xn--p1ai"})
    EXPECT_THAT(problems({{"server.public_origin", origin}}), IsEmpty()) << origin;
}

TEST(ConfigChecks, TlsNeedsBothFilesAndAnHttpsOrigin) {
  EXPECT_THAT(problems({{"server.tls_certificate", "a.pem"}}),
              ElementsAre(HasSubstr("server.tls_certificate = \"a.pem\": TLS needs both")));
  EXPECT_THAT(problems({{"server.tls_key", "b.pem"}}),
              ElementsAre(HasSubstr("server.tls_key = \"b.pem\": TLS needs both")));
  EXPECT_THAT(problems({{"server.tls_certificate", "a.pem"},
                        {"server.tls_key", "b.pem"},
                        {"server.public_origin", "http://example.org"}}),
              ElementsAre(HasSubstr("https://")));
}

TEST(ConfigChecks, LimitsAreOffOnlyOnLoopback) {
  EXPECT_THAT(problems({{"limits.enabled", "false"}}), IsEmpty());
  EXPECT_THAT(public_problems({{"limits.enabled", "false"}}),
              ElementsAre(HasSubstr("--set: limits.enabled = \"false\": ")));
}

TEST(ConfigChecks, PublicServersKeepPasswordHashesCostly) {
  EXPECT_THAT(problems({{"passwords.argon2_memory_kib", "8"}}), IsEmpty());
  EXPECT_THAT(public_problems({{"passwords.argon2_memory_kib", "7167"}}), ElementsAre(HasSubstr("at least 7168")));
}

TEST(ConfigChecks, ThePersonalAllowanceIsWithinThatOfStrangers) {
  const std::string own = "limits.failures_per_account_and_prefix_burst";
  EXPECT_THAT(problems({{own, "100"}}), IsEmpty());
  EXPECT_THAT(problems({{own, "101"}}), ElementsAre(HasSubstr(own + " = \"101\": ")));
}

TEST(ConfigChecks, MetricsStayOnALoopbackPortOfTheirOwn) {
  EXPECT_THAT(problems({{"server.metrics_listen", ""}}), IsEmpty());
  EXPECT_THAT(problems({{"server.metrics_listen", "0.0.0.0:9464"}}), ElementsAre(HasSubstr("loopback")));
  EXPECT_THAT(problems({{"server.metrics_listen", "127.0.0.1:8080"}}), ElementsAre(HasSubstr("another one")));
  EXPECT_THAT(problems({{"server.metrics_listen", "127.0.0.1:0"}, {"server.listen", "127.0.0.1:0"}}), IsEmpty());
}

TEST(ConfigChecks, SmtpNeedsAServerAndASender) {
  EXPECT_THAT(problems({{"mail.transport", "smtp"}}), ElementsAre(HasSubstr("mail.smtp_url"), HasSubstr("mail.from")));
  EXPECT_THAT(problems({{"mail.smtp_url", "https://mail.example.org"}}), ElementsAre(HasSubstr("smtp:// or smtps://")));
  EXPECT_THAT(problems({{"mail.transport", "smtp"},
                        {"mail.smtp_url", "smtp://127.0.0.1:25"},
                        {"mail.from", "no-reply@example.org"}}),
              IsEmpty());
}

TEST(ConfigChecks, LinksOfDjoserLeadToPagesOfTheirOwnOrElsewhere) {
  EXPECT_THAT(problems({{"djoser.activation_url", "https://app.example.org/activate/{uid}/{token}"}}), IsEmpty());
  EXPECT_THAT(problems({{"djoser.activation_url", "auth/activate/{uid}"}}),
              ElementsAre(HasSubstr("{uid} and {token}")));
  EXPECT_THAT(problems({{"djoser.activation_url", "ftp://a/{uid}/{token}"}}), ElementsAre(HasSubstr("https://")));
  EXPECT_THAT(problems({{"djoser.activation_url", "auth/x/{uid}/{token}"},
                        {"djoser.password_reset_confirm_url", "/auth/x/{uid}/{token}"}}),
              ElementsAre(HasSubstr("different paths")));
  const std::string shared = "https://app.example.org/link/{uid}/{token}";
  EXPECT_THAT(problems({{"djoser.activation_url", shared}, {"djoser.password_reset_confirm_url", shared}}), IsEmpty());
}

TEST(ConfigChecks, ValuesOfDjoserAreOutOfTheirLists) {
  EXPECT_THAT(problems({{"djoser.profile", "default"}, {"djoser.profile_fields", "phone,first_name"}}), IsEmpty());
  EXPECT_THAT(problems({{"djoser.profile", "stock"}}), ElementsAre(HasSubstr("seed, email or default")));
  EXPECT_THAT(problems({{"djoser.profile_fields", "phone,is_staff"}}), ElementsAre(HasSubstr("first_name")));
  EXPECT_THAT(problems({{"djoser.prefix", "auth/"}}), ElementsAre(HasSubstr("/api/v1/auth")));
  EXPECT_THAT(problems({{"djoser.token_idle", "200d"}}), ElementsAre(HasSubstr("djoser.token_lifetime")));
  EXPECT_THAT(problems({{"cors.origins", "https://app.example.org/"}}), ElementsAre(HasSubstr("cors.origins")));
}

TEST(ConfigChecks, ACookieDomainReachesTheOrigin) {
  EXPECT_THAT(public_problems({{"sessions.cookie_domain", "example.org"}}), IsEmpty());
  EXPECT_THAT(public_problems({{"sessions.cookie_domain", "id.example.org"}}), IsEmpty());
  EXPECT_THAT(public_problems({{"sessions.cookie_domain", "xample.org"}}),
              ElementsAre(HasSubstr("browsers would drop")));
  EXPECT_THAT(public_problems({{"sessions.cookie_domain", ".example.org"}}), ElementsAre(HasSubstr("host name")));
  EXPECT_THAT(public_problems({{"sessions.cookie_domain", "example.org;"}}), ElementsAre(HasSubstr("host name")));
}

TEST(ConfigChecks, ARuleIsSilentAboutAKeyThatIsWrongAlready) {
  EXPECT_THAT(problems({{"server.listen", "0.0.0.0:80"},
                        {"server.public_origin", "https://id.example.org"},
                        {"server.trusted_proxies", "proxy"}}),
              ElementsAre(HasSubstr("\"proxy\" is not a network")));
}

}  // namespace
}  // namespace propusk::config
