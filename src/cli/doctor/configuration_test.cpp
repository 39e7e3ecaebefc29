// Configurations that would not load, or are told to everybody: all of it is said, and the rest is looked at.
#include "cli/doctor/testing/seeding.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST_F(Seeding, EverythingThatIsWrongIsSaidAtOnceAndTheRestIsLookedAt) {
  set("server.listen=0.0.0.0:80");
  set("limits.enabled=false");
  set("mail.transport=log");
  set("log.level=loud");

  const auto all = examine();

  std::vector<std::string> lines;
  for (const Told& told : all)
    if (told.subject == "configuration") lines.push_back(told.finding.what);
  EXPECT_THAT(lines, ElementsAre(R"(--set: log.level = "loud")", R"(--set: server.listen = "0.0.0.0:80")",
                                 R"(default: server.public_origin = "")", R"(--set: limits.enabled = "false")",
                                 R"(--set: mail.transport = "log")"));
  EXPECT_THAT(all, Contains(::testing::Field(&Told::subject, "machine"))) << "it goes on";
}

TEST_F(Seeding, APublicListenerNeedsTlsOrAProxyAndAnOrigin) {
  set("server.listen=0.0.0.0:80");
  EXPECT_THAT(about("configuration"),
              ElementsAre(Says(Severity::error, "server.listen", "server.tls_certificate and server.tls_key"),
                          Says(Severity::error, "server.public_origin", "https://id.example.org")));
}

TEST_F(Seeding, SmtpNeedsAServer) {
  set("mail.transport=smtp");
  set("mail.from=a@example.org");
  EXPECT_THAT(about("configuration"), ElementsAre(Says(Severity::error, "mail.smtp_url", "smtp://127.0.0.1:25")));
}

TEST_F(Seeding, EveryAddressIsNoProxy) {
  set("server.trusted_proxies=0.0.0.0/0");
  EXPECT_THAT(about("configuration"), ElementsAre(Says(Severity::error, "0.0.0.0/0", "name only those")));
}

TEST_F(Seeding, AnOriginIsNoStarAndHasNoPath) {
  for (const char* origin : {"cors.origins=*", "cors.origins=https://app.example.org/path"}) {
    set(origin);
    EXPECT_THAT(about("configuration"), Contains(Says(Severity::error, "cors.origins", "without a path")));
  }
}

TEST_F(Seeding, AFileThatTellsAPasswordToEverybodyIsFound) {
  constexpr std::string_view with_password = "[mail]\nsmtp_url = \"smtps://ann:secret@127.0.0.1:1\"\n";
  configure(with_password, 0644);
  const auto findings = about("configuration");
  EXPECT_THAT(findings, ElementsAre(Says(Severity::error, "holds the password of mail.smtp_url", "chmod o= ")));
  EXPECT_THAT(findings.at(0).what, Not(::testing::HasSubstr("secret")));

  configure(with_password, 0640);
  EXPECT_THAT(about("configuration"), ElementsAre(Says(Severity::ok, "would start", "")));
  configure("[mail]\nsmtp_url = \"smtps://ann@127.0.0.1:1\"\n", 0644);
  EXPECT_THAT(about("configuration"), ElementsAre(Says(Severity::ok, "would start", "")));
}

TEST_F(Seeding, AFileThatIsNoTomlIsSaidToBeNone) {
  configure("[server\n");
  EXPECT_THAT(about("configuration"), ElementsAre(Says(Severity::error, "propusk.toml:1", "")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
