// Mail over SMTP against a server that answers exactly what a test says: what each answer means, and in which order.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/mail/testing/deliver_now.hpp"
#include "platform/mail/testing/scripted_smtp_server.hpp"

namespace propusk::platform {
namespace {
using Outcome = core::Delivery::Outcome;
using testing::deliver_now, testing::hang_up, testing::Script, testing::ScriptedSmtpServer, testing::silence;
constexpr const char* link = "https://id.example.org/auth/restore/MQ/s3cret/";

class SmtpTransportTest : public ::testing::Test {
 protected:
  MailerSettings settings(std::vector<std::string> urls) {
    MailerSettings given;
    given.transport = MailTransport::smtp;
    given.from = "id@example.org";
    given.site_name = "Example";
    given.origin = "https://id.example.org";
    given.smtp.requires_tls = false;
    for (std::string& url : urls) given.smtp.routes.push_back({Secret<>(std::move(url))});
    return given;
  }
  static core::Letter letter() {
    return {.id = 255,
            .kind = core::MailKind::recovery,
            .language = Language::en,
            .recipient = "ann@example.net",
            .created_at = instant(1'767'225'600'000'000),
            .doors = {{"ann", Secret<>(link)}},
            .facts = {}};
  }
  core::Delivery deliver(MailerSettings given, core::Letter what = letter(), Deadline deadline = testing::no_hurry()) {
    ComposingMailer mailer(std::move(given), context_, clock_);
    return deliver_now(context_, mailer, std::move(what), deadline);
  }
  core::Delivery deliver_to(ScriptedSmtpServer& server) { return deliver(settings({server.url()})); }

  boost::asio::io_context context_{1};
  propusk::testing::FakeClock clock_;
};

TEST_F(SmtpTransportTest, a_message_is_handed_over_by_the_book) {
  ScriptedSmtpServer server;
  const core::Delivery delivery = deliver_to(server);
  EXPECT_EQ(delivery.outcome, Outcome::accepted);
  EXPECT_EQ(delivery.answer, "250 2.0.0 taken");
  auto commands = server.commands();
  commands.resize(4);  // QUIT follows, and nobody waits for it
  EXPECT_EQ(commands, (std::vector<std::string>{"EHLO example.org", "MAIL FROM:<id@example.org>",
                                                "RCPT TO:<ann@example.net>", "DATA"}));
  ASSERT_EQ(server.messages().size(), 1U);
  const std::string message = server.messages().front();
  EXPECT_TRUE(message.starts_with("From: \"Example\"\r\n <id@example.org>\r\nTo: ann@example.net\r\n"));
  EXPECT_TRUE(message.contains("Message-ID: <propusk.00000000000000ff@example.org>\r\n"));
  EXPECT_TRUE(message.ends_with("--=_propusk_00000000000000ff--\r\n"));
}

TEST_F(SmtpTransportTest, each_answer_has_its_meaning) {
  struct Case {
    const char *command, *answer;
    Outcome outcome;
  };
  for (const Case& one : {
           Case{"MAIL", "451 4.7.1 later", Outcome::delayed},
           Case{"MAIL", "550 5.1.8 no", Outcome::refused},
           Case{"RCPT", "450 4.2.1 greylisted", Outcome::delayed},
           Case{"RCPT", "550 5.1.1 unknown", Outcome::refused},
           Case{"DATA", "451 4.3.0 later", Outcome::delayed},
           Case{"DATA", "554 5.7.1 no", Outcome::refused},
           Case{"end", "452 4.3.1 full", Outcome::delayed},
           Case{"end", "554 5.7.1 spam", Outcome::refused},
           Case{"RCPT", "421 4.3.2 closing", Outcome::delayed},
           Case{"DATA", "250 what", Outcome::unreachable},
           Case{"RCPT", "HTTP/1.1 200 OK", Outcome::unreachable},
       }) {
    ScriptedSmtpServer server({{one.command, one.answer}});
    const core::Delivery delivery = deliver_to(server);
    EXPECT_EQ(delivery.outcome, one.outcome) << one.command << ' ' << one.answer << ": " << delivery.answer;
    if (one.outcome != Outcome::unreachable) EXPECT_EQ(delivery.answer, one.answer);
  }
}

TEST_F(SmtpTransportTest, a_server_that_wants_us_to_sign_in_says_nothing_about_the_message) {
  for (const char* code : {"530", "534", "535", "538"}) {
    ScriptedSmtpServer server({{"MAIL", std::string(code) + " 5.7.0 sign in"}});
    const core::Delivery delivery = deliver_to(server);
    EXPECT_EQ(delivery.outcome, Outcome::unreachable);
    EXPECT_TRUE(delivery.answer.starts_with(code) && delivery.answer.contains("mail.smtp_password_file"));
  }
}

TEST_F(SmtpTransportTest, a_greeting_of_no_good_or_none_is_unreachable) {
  for (const char* greeting : {"421 4.3.2 busy", "554 5.7.1 no mail here", hang_up}) {
    ScriptedSmtpServer server({{"greeting", greeting}});
    EXPECT_EQ(deliver_to(server).outcome, Outcome::unreachable) << greeting;
  }
}

TEST_F(SmtpTransportTest, a_connection_that_breaks_is_unreachable_and_after_the_final_dot_unknown) {
  for (const char* command : {"MAIL", "RCPT", "DATA", "end"}) {
    ScriptedSmtpServer server({{command, hang_up}});
    const core::Delivery delivery = deliver_to(server);
    EXPECT_EQ(delivery.outcome, Outcome::unreachable) << command;
    EXPECT_EQ(delivery.answer.contains("may have arrived"), command == std::string_view("end")) << delivery.answer;
  }
}

TEST_F(SmtpTransportTest, a_silent_server_costs_no_more_than_the_deadline) {
  for (const char* command : {"greeting", "EHLO", "MAIL", "RCPT", "DATA", "end"}) {
    ScriptedSmtpServer server({{command, silence}});
    const core::Delivery delivery =
        deliver(settings({server.url()}), letter(), std::chrono::steady_clock::now() + milliseconds{300});
    EXPECT_EQ(delivery.outcome, Outcome::unreachable) << command;
    EXPECT_TRUE(delivery.answer.contains("in time")) << delivery.answer;
  }
}

TEST_F(SmtpTransportTest, a_silent_server_costs_no_more_than_the_patience_for_one_answer) {
  ScriptedSmtpServer server({{"end", silence}});
  MailerSettings given = settings({server.url()});
  given.smtp.answer_timeout = seconds{1};
  EXPECT_EQ(deliver(given).outcome, Outcome::unreachable);
}

TEST_F(SmtpTransportTest, a_greeting_may_take_longer_than_a_connect) {
  ScriptedSmtpServer server({{"greeting", std::string(testing::held) + "220 at last"}});
  MailerSettings given = settings({server.url()});
  given.smtp.connect_timeout = seconds{1};
  ComposingMailer mailer(given, context_, clock_);
  std::optional<core::Delivery> result;
  boost::asio::co_spawn(context_, testing::deliver_into(mailer, letter(), testing::no_hurry(), result),
                        boost::asio::detached);
  context_.run_for(milliseconds{2500});  // longer than libcurl's own limit, which is a second more
  EXPECT_FALSE(result);
  server.release();
  while (!result) context_.run_one();
  EXPECT_EQ(result->outcome, Outcome::accepted);
}

TEST_F(SmtpTransportTest, one_silent_server_does_not_hold_up_other_mail) {
  ScriptedSmtpServer tarpit({{"end", silence}}), server;
  ComposingMailer slow(settings({tarpit.url()}), context_, clock_), quick(settings({server.url()}), context_, clock_);
  std::optional<core::Delivery> stuck;
  boost::asio::co_spawn(context_, testing::deliver_into(slow, letter(), testing::no_hurry(), stuck),
                        boost::asio::detached);
  while (tarpit.messages().empty()) context_.run_one_for(milliseconds{10});
  EXPECT_EQ(deliver_now(context_, quick, letter()).outcome, Outcome::accepted);
  EXPECT_FALSE(stuck);
}

TEST_F(SmtpTransportTest, the_next_route_is_tried_when_the_first_cannot_be_used) {
  for (const Script& script :
       {Script{{"greeting", "421 busy"}}, Script{{"greeting", hang_up}}, Script{{"MAIL", "451 later"}},
        Script{{"MAIL", "530 sign in"}}, Script{{"EHLO", hang_up}}}) {
    ScriptedSmtpServer first(script), second;
    EXPECT_EQ(deliver(settings({first.url(), second.url()})).outcome, Outcome::accepted);
    EXPECT_EQ(first.connections(), 1);
    EXPECT_EQ(second.messages().size(), 1U);
  }
  ScriptedSmtpServer second;
  EXPECT_EQ(deliver(settings({"smtp://127.0.0.1:1", second.url()})).outcome, Outcome::accepted);
}

TEST_F(SmtpTransportTest, an_answer_about_the_message_is_final_on_every_route) {
  for (const Script& script :
       {Script{{"RCPT", "550 unknown"}}, Script{{"RCPT", "450 later"}}, Script{{"DATA", hang_up}},
        Script{{"end", hang_up}}, Script{{"end", "451 later"}}, Script{{"MAIL", "550 no"}}}) {
    ScriptedSmtpServer first(script), second;
    EXPECT_NE(deliver(settings({first.url(), second.url()})).outcome, Outcome::accepted);
    EXPECT_EQ(second.connections(), 0);
  }
}

TEST_F(SmtpTransportTest, when_no_route_is_left_all_failures_are_told) {
  ScriptedSmtpServer first({{"MAIL", "451 4.7.1 later"}}), second({{"greeting", "421 4.3.2 busy"}});
  const core::Delivery delivery = deliver(settings({first.url(), second.url()}));
  EXPECT_EQ(delivery.outcome, Outcome::delayed);
  EXPECT_TRUE(delivery.answer.contains("451 4.7.1 later; then 127.0.0.1:") &&
              delivery.answer.contains("421 4.3.2 busy"))
      << delivery.answer;
}

TEST_F(SmtpTransportTest, a_connection_is_used_again_and_replaced_when_it_has_gone) {
  ScriptedSmtpServer server;
  ComposingMailer mailer(settings({server.url()}), context_, clock_);
  for (int count = 0; count < 3; ++count) EXPECT_EQ(deliver_now(context_, mailer, letter()).outcome, Outcome::accepted);
  EXPECT_EQ(server.messages().size(), 3U);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(SmtpTransportTest, a_connection_that_broke_meanwhile_costs_no_mail) {
  ScriptedSmtpServer server;
  ComposingMailer mailer(settings({server.url()}), context_, clock_);
  EXPECT_EQ(deliver_now(context_, mailer, letter()).outcome, Outcome::accepted);
  server.hang_up_all();
  EXPECT_EQ(deliver_now(context_, mailer, letter()).outcome, Outcome::accepted);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(SmtpTransportTest, lines_that_begin_with_a_dot_arrive_whole) {
  ScriptedSmtpServer server;
  MailerSettings given = settings({server.url()});
  given.origin = ".\n.";  // the text ends with it; a line of one dot would end the message
  core::Letter what = letter();
  what.doors.front().username = std::string(200, '.');  // soft line breaks put a dot at the beginning of a line
  EXPECT_EQ(deliver(given, what).outcome, Outcome::accepted);
  ASSERT_EQ(server.messages().size(), 1U);
  EXPECT_TRUE(server.messages().front().contains("=\r\n....")) << server.messages().front();
  EXPECT_TRUE(server.messages().front().ends_with("--=_propusk_00000000000000ff--\r\n"));
}

TEST_F(SmtpTransportTest, letters_beyond_ascii_go_only_where_they_are_taken) {
  core::Letter what = letter();
  what.recipient = "аня@пример.рф";
  ScriptedSmtpServer old;
  EXPECT_EQ(deliver(settings({old.url()}), what).outcome, Outcome::refused);
  EXPECT_FALSE(std::ranges::any_of(old.commands(), [](const auto& line) { return line.starts_with("MAIL"); }));
  ScriptedSmtpServer modern({{"EHLO", "250-test\r\n250 SMTPUTF8"}});
  EXPECT_EQ(deliver(settings({modern.url()}), what).outcome, Outcome::accepted);
  EXPECT_EQ(modern.commands()[1], "MAIL FROM:<id@example.org> SMTPUTF8");
  EXPECT_EQ(modern.commands()[2], "RCPT TO:<аня@xn--e1afmkfd.xn--p1ai>");
}

TEST_F(SmtpTransportTest, an_address_that_could_be_a_command_never_reaches_a_server) {
  ScriptedSmtpServer server;
  core::Letter what = letter();
  what.recipient = "ann@example.net>\r\nRCPT TO:<eve@evil.example";
  EXPECT_EQ(deliver(settings({server.url()}), what).outcome, Outcome::refused);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(SmtpTransportTest, we_sign_in_with_the_user_of_the_url_and_the_password_of_the_file) {
  const Script wants_auth{{"EHLO", "250-test\r\n250 AUTH PLAIN"}};
  for (const auto& [user, password] : {std::pair{"id%40x:pa%3Ass@", ""}, std::pair{"id%40x@", "pa:ss"}}) {
    ScriptedSmtpServer server(wants_auth);
    MailerSettings given = settings({server.url(user)});
    given.smtp.password = Secret<>(std::string(password));
    EXPECT_EQ(deliver(given).outcome, Outcome::accepted);
    ASSERT_GE(server.commands().size(), 3U);
    EXPECT_EQ(server.commands()[1], "AUTH PLAIN");
    EXPECT_EQ(server.commands()[2], "AGlkQHgAcGE6c3M=") << "NUL id@x NUL pa:ss";
  }
}

TEST_F(SmtpTransportTest, a_refused_sign_in_is_unreachable_and_tells_what_to_check_but_no_secret) {
  ScriptedSmtpServer server({{"EHLO", "250-test\r\n250 AUTH PLAIN"}, {"credentials", "535 5.7.8 bad credentials"}});
  const core::Delivery delivery = deliver(settings({server.url("id:hunter2@")}));
  EXPECT_EQ(delivery.outcome, Outcome::unreachable);
  EXPECT_TRUE(delivery.answer.contains("535 5.7.8 bad credentials") && delivery.answer.contains("mail.smtp_url"))
      << delivery.answer;
  EXPECT_FALSE(delivery.answer.contains("hunter2"));
}

TEST_F(SmtpTransportTest, an_answer_keeps_nothing_long_enough_to_be_a_secret) {
  const std::string secret(43, 's');
  ScriptedSmtpServer server({{"end", "554 URL listed: id.example.org/auth/restore/MQ/" + secret + " sorry"}});
  const core::Delivery delivery = deliver_to(server);
  EXPECT_EQ(delivery.outcome, Outcome::refused);
  EXPECT_EQ(delivery.answer, "554 URL listed: id.example.org/auth/restore/MQ/*** sorry");
}

TEST_F(SmtpTransportTest, a_url_that_is_no_mail_server_is_an_outage_at_start_without_its_password) {
  for (const char* url : {"https://id:hunter2@example.org", "file:///etc/passwd", "", "smtp://"}) {
    try {
      deliver(settings({url}));
      ADD_FAILURE() << url;
    } catch (const Outage& outage) {
      EXPECT_FALSE(std::string_view(outage.what()).contains("hunter2"));
    }
  }
}

TEST_F(SmtpTransportTest, what_is_under_way_may_be_abandoned_at_any_moment) {
  for (const char* command : {"greeting", "MAIL", "end"}) {
    ScriptedSmtpServer server({{command, silence}});
    std::optional<core::Delivery> result;
    boost::asio::io_context context{1};
    ComposingMailer mailer(settings({server.url()}), context, clock_);
    boost::asio::co_spawn(context, testing::deliver_into(mailer, letter(), testing::no_hurry(), result),
                          boost::asio::detached);
    const auto has_come = [&] {
      return command == std::string_view("end")    ? !server.messages().empty()
             : command == std::string_view("MAIL") ? server.commands().size() > 1
                                                   : server.connections() > 0;
    };
    while (!has_come()) context.run_one_for(milliseconds{10});
    EXPECT_FALSE(result);
  }  // the mailer goes first, then the context with the task in it: nothing leaks, nothing is touched twice
}

class SmtpTlsTest : public SmtpTransportTest {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "propusk-smtp-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  MailerSettings trusting(const ScriptedSmtpServer& trusted, std::string url) {
    MailerSettings given = settings({std::move(url)});
    given.smtp.requires_tls = true;
    given.smtp.ca_file = folder_ / "ca.pem";
    std::ofstream(given.smtp.ca_file) << trusted.certificate();
    return given;
  }
  std::filesystem::path folder_;
};

TEST_F(SmtpTlsTest, starttls_comes_before_anything_else_is_said) {
  ScriptedSmtpServer server({}, ScriptedSmtpServer::Tls::starttls);
  EXPECT_EQ(deliver(trusting(server, server.url("id:pass@"))).outcome, Outcome::accepted);
  auto commands = server.commands();
  ASSERT_GE(commands.size(), 5U);
  EXPECT_EQ(commands[0], "EHLO example.org");
  EXPECT_EQ(commands[1], "STARTTLS");
  EXPECT_EQ(commands[2], "EHLO example.org");
  EXPECT_TRUE(commands[3].starts_with("AUTH PLAIN"));
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_F(SmtpTlsTest, implicit_tls_works_too) {
  ScriptedSmtpServer server({}, ScriptedSmtpServer::Tls::implicit);
  EXPECT_EQ(deliver(trusting(server, server.url())).outcome, Outcome::accepted);
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_F(SmtpTlsTest, without_starttls_nothing_is_said_to_the_server) {
  ScriptedSmtpServer server;
  const core::Delivery delivery = deliver(trusting(server, server.url("id:pass@")));
  EXPECT_EQ(delivery.outcome, Outcome::unreachable);
  EXPECT_TRUE(delivery.answer.contains("mail.smtp_tls")) << delivery.answer;
  EXPECT_EQ(server.commands(), std::vector<std::string>{"EHLO example.org"});
}

TEST_F(SmtpTlsTest, a_strangers_certificate_is_refused) {
  for (const auto tls : {ScriptedSmtpServer::Tls::starttls, ScriptedSmtpServer::Tls::implicit}) {
    ScriptedSmtpServer server({}, tls), other({}, tls);
    const core::Delivery delivery = deliver(trusting(other, server.url("id:pass@")));
    EXPECT_EQ(delivery.outcome, Outcome::unreachable);
    EXPECT_TRUE(delivery.answer.contains("mail.smtp_ca_file")) << delivery.answer;
    EXPECT_TRUE(server.messages().empty());
    EXPECT_TRUE(std::ranges::none_of(server.commands(), [](const auto& line) { return line.starts_with("AUTH"); }));
  }
}

}  // namespace
}  // namespace propusk::platform
