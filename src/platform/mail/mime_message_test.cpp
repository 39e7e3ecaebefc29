// Bytes of messages: exact, ASCII, folded, and nothing that a stranger typed becomes a header.
#include "platform/mail/mime_message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace propusk::platform {
namespace {
using namespace std::string_literals;

MimeMessage sample() {
  return {.id = "00000000000000ff",
          .from_name = "Example",
          .from = *mailbox("id@example.org"),
          .to = *mailbox("ann@example.net"),
          .subject = "Example: set a new password",
          .date = instant(1'767'225'600'000'000),
          .language = Language::en,
          .text = "Open https://id.example.org/a=b.\n.\nBye \n",
          .html = "<p>Bye</p>\n"};
}

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines;
  std::istringstream in(bytes);
  for (std::string line; std::getline(in, line);) {
    EXPECT_TRUE(line.ends_with('\r')) << line;
    lines.push_back(line.substr(0, line.size() - 1));
  }
  return lines;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (char byte : text) out += byte == '\n' ? "\r\n"s : std::string(1, byte);
  return out;
}

TEST(MimeMessageTest, an_english_message_is_exactly_this) {
  EXPECT_EQ(mime_bytes(sample()), with_crlf(R"(From: "Example"
 <id@example.org>
To: ann@example.net
Subject: Example: set a new password
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

Open https://id.example.org/a=3Db.
.
Bye=20

--=_propusk_00000000000000ff
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Bye</p>

--=_propusk_00000000000000ff--
)"));
}

TEST(MimeMessageTest, a_russian_message_is_exactly_this) {
  MimeMessage message = sample();
  message.from_name = "Пример";
  message.subject = "Пример: новый пароль";
  message.language = Language::ru;
  message.text = "Привет\n";
  message.html = "<p>Я</p>\n";
  EXPECT_EQ(mime_bytes(message), with_crlf(R"(From: =?utf-8?B?0J/RgNC40LzQtdGA?=
 <id@example.org>
To: ann@example.net
Subject: =?utf-8?B?0J/RgNC40LzQtdGAOiDQvdC+0LLRi9C5INC/0LDRgNC+0LvRjA==?=
Date: Thu, 01 Jan 2026 00:00:00 +0000
Message-ID: <propusk.00000000000000ff@example.org>
MIME-Version: 1.0
Content-Language: ru
Auto-Submitted: auto-generated
X-Auto-Response-Suppress: All
Content-Type: multipart/alternative;
 boundary="=_propusk_00000000000000ff"

--=_propusk_00000000000000ff
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

=D0=9F=D1=80=D0=B8=D0=B2=D0=B5=D1=82

--=_propusk_00000000000000ff
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>=D0=AF</p>

--=_propusk_00000000000000ff--
)"));
}

TEST(MimeMessageTest, the_same_letter_is_the_same_bytes) { EXPECT_EQ(mime_bytes(sample()), mime_bytes(sample())); }

TEST(MimeMessageTest, no_text_of_a_stranger_becomes_a_header) {
  for (const std::string& evil :
       {"a\r\nBcc: eve@evil.example"s, "a\nBcc: eve@evil.example"s, "a\rBcc: eve@evil.example"s,
        "a\0Bcc: eve@evil.example"s, "a\x0b\x0c\x85 Bcc: eve@evil.example"s,
        "a\xe2\x80\xa8"
        "Bcc: eve@evil.example"s}) {
    MimeMessage message = sample();
    message.from_name = message.subject = evil;
    const auto lines = lines_of(mime_bytes(message));
    EXPECT_TRUE(std::ranges::none_of(lines, [](const std::string& line) {
      return line.starts_with("Bcc") || line.find_first_of("\r\v\f\0\x85"s) != std::string::npos;
    }));
    EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& line) { return line.starts_with("To: "); }), 1);
  }
}

TEST(MimeMessageTest, a_name_cannot_leave_its_quotes) {
  MimeMessage message = sample();
  message.from_name = R"(A" <eve@evil.example>, "B\)";
  EXPECT_TRUE(
      mime_bytes(message).starts_with("From: \"A\\\" <eve@evil.example>, \\\"B\\\\\"\r\n <id@example.org>\r\n"));
  message.from_name = "";
  EXPECT_TRUE(mime_bytes(message).starts_with("From: id@example.org\r\nTo: "));
}

TEST(MimeMessageTest, long_headers_are_folded_between_characters) {
  for (const std::string& letter : {"я"s, "x"s, "😀"s}) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += letter;
    const auto lines = lines_of(header_line("Subject", text));
    EXPECT_GT(lines.size(), 4U);
    for (const std::string& line : lines) EXPECT_LE(line.size(), 76U) << line;
  }
  EXPECT_EQ(header_line("Subject", "=?utf-8?B?AAAA?="), "Subject: =?utf-8?B?PT91dGYtOD9CP0FBQUE/PQ==?=\r\n")
      << "a text that reads as an encoded word is encoded itself";
}

TEST(MimeMessageTest, quoted_printable_keeps_lines_short_and_ends_visible) {
  EXPECT_EQ(quoted_printable("a \nb\t\nc="), "a=20\r\nb=09\r\nc=3D");
  EXPECT_EQ(quoted_printable(std::string(76, 'x')), std::string(75, 'x') + "=\r\nx");
  for (const std::string& line : lines_of(quoted_printable(std::string(500, '\xff')) + "\r\n"))
    EXPECT_LE(line.size(), 76U);
}

}  // namespace
}  // namespace propusk::platform
