// Answers of mail servers: cut into replies, and what they mean for the message.
#include "platform/mail/smtp_reply.hpp"

#include <gtest/gtest.h>

namespace propusk::platform {
namespace {
using Outcome = core::Delivery::Outcome;

std::optional<SmtpReply> read(std::string_view bytes) {
  SmtpReplyReader reader;
  reader.feed(bytes);
  auto reply = reader.take();
  EXPECT_NE(reply.has_value(), reader.is_broken()) << bytes;
  return reply;
}

TEST(SmtpReplyTest, lines_of_one_reply_are_joined) {
  EXPECT_EQ(read("250 2.1.0 ok\r\n")->text, "250 2.1.0 ok");
  EXPECT_EQ(read("250\r\n")->code, 250);
  EXPECT_EQ(read("550-5.1.1 No such\r\n550 user\r\n")->text, "550 5.1.1 No such user");
}

TEST(SmtpReplyTest, bytes_may_come_one_by_one_and_several_replies_at_once) {
  SmtpReplyReader reader;
  for (const char byte : std::string_view("250 one\r\n")) {
    EXPECT_FALSE(reader.take());
    reader.feed({&byte, 1});
  }
  reader.feed("251-two\r\n251 two\r\n354 three\r\n");
  EXPECT_EQ(reader.take()->text, "250 one");
  EXPECT_EQ(reader.take()->text, "251 two two");
  EXPECT_EQ(reader.take()->text, "354 three");
  EXPECT_FALSE(reader.take());
  EXPECT_FALSE(reader.is_broken());
}

TEST(SmtpReplyTest, what_is_no_reply_breaks_the_reader) {
  for (const char* bytes : {"HTTP/1.1 200 OK\r\n", "25\r\n", "\r\n", "150 x\r\n", "650 x\r\n", "250x\r\n",
                            "250-a\r\n550 b\r\n", "2a0 x\r\n"}) {
    EXPECT_FALSE(read(bytes));
  }
  EXPECT_FALSE(read(std::string(20'000, '2')));
  std::string endless;
  for (int line = 0; line < 1000; ++line) endless += "250-still more words to come\r\n";
  EXPECT_FALSE(read(endless));
}

TEST(SmtpReplyTest, words_are_printable_and_short) {
  EXPECT_EQ(read("550 a\x1b[2Jb\x80\r\n")->text, "550 a [2Jb\xef\xbf\xbd");
  EXPECT_EQ(read("550 " + std::string(2000, 'x') + "\r\n")->text.size(), answer_limit);
}

TEST(SmtpReplyTest, the_first_digit_decides_but_for_answers_about_us) {
  EXPECT_EQ(delivery_of({250, "250"}).outcome, Outcome::accepted);
  EXPECT_EQ(delivery_of({251, "251"}).outcome, Outcome::accepted);
  EXPECT_EQ(delivery_of({421, "421"}).outcome, Outcome::delayed);
  EXPECT_EQ(delivery_of({452, "452"}).outcome, Outcome::delayed);
  EXPECT_EQ(delivery_of({550, "550"}).outcome, Outcome::refused);
  EXPECT_EQ(delivery_of({354, "354"}).outcome, Outcome::unreachable);
  for (const int code : {530, 534, 535, 538}) {
    EXPECT_EQ(delivery_of({code, ""}).outcome, Outcome::unreachable);
    EXPECT_TRUE(delivery_of({code, ""}).answer.contains("mail.smtp_url"));
  }
}

}  // namespace
}  // namespace propusk::platform
