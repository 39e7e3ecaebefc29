// From a letter to a message: exact, kept for the inbox, and never an exception.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/mail/testing/deliver_now.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;
using Outcome = core::Delivery::Outcome;
using testing::deliver_now;
constexpr const char* link = "https://id.example.org/auth/restore/MQ/s3cret/";

class ComposingMailerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "propusk-mailer-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  MailerSettings settings(MailTransport transport) {
    MailerSettings given;
    given.transport = transport;
    given.from = "id@example.org";
    given.site_name = "Example";
    given.origin = "https://id.example.org";
    given.maildir = folder_ / "mail";
    given.capture = 2;
    given.log = [this](std::string_view line) { lines_.emplace_back(line); };
    return given;
  }
  static core::Letter letter(core::MailKind kind, Language language) {
    return {.id = 255,
            .kind = kind,
            .language = language,
            .recipient = "ann@example.net",
            .created_at = instant(1'767'225'600'000'000),
            .doors = {{"ann", Secret<>(link)}},
            .facts = {}};
  }
  std::string only_message() {
    std::string found;
    for (const auto& file : fs::directory_iterator(folder_ / "mail" / "new")) {
      EXPECT_TRUE(found.empty());
      std::ifstream in(file.path());
      found = (std::ostringstream() << in.rdbuf()).str();
    }
    return found;
  }
  fs::path folder_;
  boost::asio::io_context context_{1};
  propusk::testing::FakeClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(ComposingMailerTest, an_english_letter_is_exactly_this_file) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  const core::Delivery delivery = deliver_now(context_, mailer, letter(core::MailKind::test, Language::en));
  EXPECT_EQ(delivery.outcome, Outcome::accepted);
  EXPECT_EQ(delivery.answer, "new/1767225600.00000000000000ff.propusk");
  EXPECT_EQ(only_message(), R"(From: "Example"
 <id@example.org>
To: ann@example.net
Subject: Example: test letter
Date: Thu, 01 Jan 2026 00:00:00 +0000
Message-ID: <propusk.00000000000000ff@example.org>
MIME-Version: 1.0
Content-Language: en
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
Content-Type: multipart/alternative;
 boundary="=_propusk_00000000000000ff"

--=_propusk_00000000000000ff
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

This is a test letter of Example. If you can read it, mail works.

Sent: 1 January 2026, 00:00 UTC

Example
https://id.example.org

--=_propusk_00000000000000ff
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!doctype html>
<html lang=3D"en">
<head>
<meta charset=3D"utf-8">
<meta name=3D"viewport" content=3D"width=3Ddevice-width, initial-scale=3D1"=
>
<meta name=3D"color-scheme" content=3D"light dark">
<meta name=3D"supported-color-schemes" content=3D"light dark">
<title>Example</title>
</head>
<body style=3D"margin:0;padding:24px;font-family:sans-serif;font-size:16px;=
line-height:1.5">
<div role=3D"article" lang=3D"en" style=3D"max-width:560px;margin:0 auto">
<p>This is a test letter of Example. If you can read it, mail works.</p>
<p>Sent: 1 January 2026, 00:00 UTC</p>
<p style=3D"margin-top:32px;font-size:14px">Example, <a href=3D"https://id.=
example.org">https://id.example.org</a></p>
</div>
</body>
</html>

--=_propusk_00000000000000ff--
)");
}

TEST_F(ComposingMailerTest, attempts_of_one_letter_are_the_same_bytes_in_one_file) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  deliver_now(context_, mailer, letter(core::MailKind::recovery, Language::ru));
  const std::string first = only_message();
  clock_.advance(std::chrono::hours{1});
  deliver_now(context_, mailer, letter(core::MailKind::recovery, Language::ru));
  EXPECT_EQ(only_message(), first);
}

TEST_F(ComposingMailerTest, the_log_transport_writes_one_line_with_the_link) {
  ComposingMailer mailer(settings(MailTransport::log), context_, clock_);
  core::Letter evil = letter(core::MailKind::recovery, Language::en);
  evil.doors.front().username = "a\"\\\r\nb";
  EXPECT_EQ(deliver_now(context_, mailer, evil).outcome, Outcome::accepted);
  ASSERT_GT(lines_.size(), 3U);
  EXPECT_EQ(lines_.front(), "recovery to ann@example.net: Example: set a new password");
  EXPECT_EQ(lines_.at(2), R"(Account a"\  b:)");
  EXPECT_EQ(lines_.at(3), "https://id.example.org/auth/restore/MQ/s3cret/");
  for (const std::string& line : lines_) EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos) << line;
}

TEST_F(ComposingMailerTest, the_last_letters_are_kept_newest_first) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  for (std::int64_t id = 1; id <= 3; ++id) {
    core::Letter next = letter(core::MailKind::recovery, Language::en);
    next.id = id;
    deliver_now(context_, mailer, std::move(next));
  }
  const auto captured = mailer.captured();
  ASSERT_EQ(captured.size(), 2U);
  EXPECT_EQ(captured[0].id, "0000000000000003");
  EXPECT_EQ(captured[1].id, "0000000000000002");
  EXPECT_EQ(captured[0].kind, "recovery");
  EXPECT_EQ(captured[0].recipient, "ann@example.net");
  EXPECT_EQ(captured[0].subject, "Example: set a new password");
  EXPECT_TRUE(captured[0].text.contains(link) && captured[0].html.contains(link));
  EXPECT_EQ(captured[0].at, clock_.now());
}

TEST_F(ComposingMailerTest, an_impossible_address_is_refused_and_nothing_is_written) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  for (const std::string& recipient : {std::string("ann@example.net\r\nBcc: eve@evil.example"), std::string("ann")}) {
    core::Letter evil = letter(core::MailKind::test, Language::en);
    evil.recipient = recipient;
    EXPECT_EQ(deliver_now(context_, mailer, evil).outcome, Outcome::refused);
  }
  EXPECT_EQ(only_message(), "");
  EXPECT_TRUE(mailer.captured().empty());
}

TEST_F(ComposingMailerTest, what_strangers_typed_adds_no_header_to_the_message) {
  MailerSettings given = settings(MailTransport::maildir);
  given.site_name = "Evil\r\nBcc: eve@evil.example";
  ComposingMailer mailer(given, context_, clock_);
  core::Letter evil = letter(core::MailKind::new_device, Language::en);
  evil.doors.front().username = "ann\r\nBcc: eve@evil.example";
  evil.facts.device = "\r\n\r\n--=_propusk_00000000000000ff\r\nBcc: eve@evil.example";
  EXPECT_EQ(deliver_now(context_, mailer, evil).outcome, Outcome::accepted);
  EXPECT_FALSE(only_message().contains("\nBcc:"));
}

TEST_F(ComposingMailerTest, a_failure_of_the_disk_is_a_delay) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  fs::remove_all(folder_ / "mail" / "tmp");
  EXPECT_EQ(deliver_now(context_, mailer, letter(core::MailKind::test, Language::en)).outcome, Outcome::delayed);
}

TEST_F(ComposingMailerTest, a_delivery_may_be_awaited_on_another_thread) {
  ComposingMailer mailer(settings(MailTransport::maildir), context_, clock_);
  const boost::asio::executor_work_guard<Executor> runs(context_.get_executor());
  std::thread thread([this] { context_.run(); });
  boost::asio::io_context elsewhere{1};
  EXPECT_EQ(deliver_now(elsewhere, mailer, letter(core::MailKind::test, Language::en)).outcome, Outcome::accepted);
  context_.stop();
  thread.join();
}

TEST_F(ComposingMailerTest, a_sender_that_is_no_address_is_an_outage_at_start) {
  MailerSettings given = settings(MailTransport::log);
  given.from = "Example <id@example.org>";
  EXPECT_THROW(ComposingMailer(given, context_, clock_), Outage);
}

}  // namespace
}  // namespace propusk::platform
