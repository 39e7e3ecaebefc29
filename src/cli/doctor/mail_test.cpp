// Mail servers that do not take our connection, and settings by which nobody gets a letter.
#include "cli/doctor/testing/seeding.hpp"
#include "platform/mail/testing/scripted_smtp_server.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using platform::testing::ScriptedSmtpServer;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class SeedingMail : public Seeding {
 protected:
  void send_through(const ScriptedSmtpServer& server, const std::string& user = "") {
    set("mail.transport=smtp");
    set("mail.from=no-reply@example.org");
    configure("[mail]\nsmtp_url = \"" + server.url(user) + "\"\nsmtp_ca_file = \"" +
              file("ca.pem", server.certificate()) + "\"\n");
  }
};

TEST_F(SeedingMail, AServerThatTakesUsIsFineAndGetsNoLetter) {
  ScriptedSmtpServer server({}, ScriptedSmtpServer::Tls::starttls);
  send_through(server, "ann:secret@");
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "takes our connection", "")));
  EXPECT_THAT(server.messages(), IsEmpty());
}

TEST_F(SeedingMail, AServerThatDoesNotAnswerIsFound) {
  std::string url;
  {
    const ScriptedSmtpServer gone;
    url = gone.url();
  }
  set("mail.transport=smtp");
  set("mail.from=no-reply@example.org");
  set("mail.smtp_url=" + url);
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::error, "mail server 127.0.0.1:", "mail.smtp_url")));
}

TEST_F(SeedingMail, ARefusedSignInIsFound) {
  ScriptedSmtpServer server({{"credentials", "535 5.7.8 no"}}, ScriptedSmtpServer::Tls::implicit);
  send_through(server, "ann:secret@");
  const auto findings = about("mail");
  EXPECT_THAT(findings, ElementsAre(Says(Severity::error, "refuses our sign-in", "check the user in mail.smtp_url")));
  EXPECT_THAT(findings.at(0).what, Not(::testing::HasSubstr("secret")));
}

TEST_F(SeedingMail, AServerWithoutTlsIsFoundWhereItIsRequired) {
  ScriptedSmtpServer server;
  send_through(server);
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::error, "offers no STARTTLS", "use smtps://")));
  set("mail.smtp_tls=none");
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "takes our connection", "")));
}

TEST_F(SeedingMail, EveryServerIsTried) {
  ScriptedSmtpServer first, second({}, ScriptedSmtpServer::Tls::starttls);
  send_through(second);
  set("mail.smtp_fallback_urls=" + first.url());
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "takes our connection", ""),
                                         Says(Severity::error, "offers no STARTTLS", "use smtps://")));
}

TEST_F(SeedingMail, APasswordFileIsThereHasAPasswordAndIsNobodyElses) {
  ScriptedSmtpServer server({}, ScriptedSmtpServer::Tls::starttls);
  send_through(server, "ann@");
  set("mail.smtp_password_file=/nowhere/password");
  EXPECT_THAT(about("mail"), Contains(Says(Severity::error, "/nowhere/password cannot be read", "write the password")));
  set("mail.smtp_password_file=" + file("password", ""));
  EXPECT_THAT(about("mail"), Contains(Says(Severity::error, "password is empty", "write the password")));
  set("mail.smtp_password_file=" + file("password", "secret\n", 0644));
  EXPECT_THAT(about("mail"), Contains(Says(Severity::error, "open to every user", "chmod o= ")));
  set("mail.smtp_password_file=" + file("password", "secret\n"));
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "takes our connection", "")));
}

TEST_F(SeedingMail, ASenderOfAnotherDomainIsNoted) {
  ScriptedSmtpServer server({}, ScriptedSmtpServer::Tls::starttls);
  send_through(server);
  set("server.public_origin=https://id.example.org");
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "takes our connection", ""))) << "its own parent";
  set("mail.from=no-reply@example.com");
  EXPECT_THAT(about("mail"), Contains(Says(Severity::warning, "no-reply@example.com", "of the same domain")));
  set("mail.from=no-reply@notexample.org");
  EXPECT_THAT(about("mail"), Contains(Says(Severity::warning, "notexample.org", "of the same domain")));
}

TEST_F(SeedingMail, LettersToPeopleAreSent) {
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::ok, "sent nowhere", "")));
  set("server.public_origin=https://id.example.org");
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::warning, "nobody gets a link", "mail.smtp_url")));
  set("mail.transport=log");
  EXPECT_THAT(about("mail"), ElementsAre(Says(Severity::error, "written to the log", "mail.smtp_url")));
}

TEST_F(SeedingMail, TemplatesThatCannotBeUsedAreFound) {
  file("recovery.en.txt", "{{NONSENSE}}");
  set("mail.templates=" + data().parent_path().string());
  EXPECT_THAT(about("mail"), Contains(Says(Severity::error, "recovery.en.txt:1", "leave mail.templates out")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
