// Answers, byte for byte.
#include "http/answer.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

constexpr std::string_view date = "Date: D\r\n";

std::string answer(const Reply& reply, const AnswerFrame& frame = {.date_line = date}) {
  std::string out;
  append_answer(out, reply, frame);
  return out;
}

TEST(Answer, CarriesTheSafetyHeadersAndItsLength) {
  Reply reply;
  reply.header("Content-Type", "text/html").body("Yes");

  EXPECT_EQ(answer(reply),
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nDate: D\r\nX-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: same-origin\r\nContent-Length: 3\r\n\r\nYes");
}

TEST(Answer, LeavesSafetyHeadersOfTheReplyAlone) {
  Reply reply;
  reply.headers("X-Other: 1\r\nx-content-type-options: nosniff\r\nReferrer-Policy: no-referrer\r\n");

  EXPECT_EQ(
      answer(reply),
      "HTTP/1.1 200 OK\r\nX-Other: 1\r\nx-content-type-options: nosniff\r\nReferrer-Policy: no-referrer\r\nDate: D\r\n"
      "Content-Length: 0\r\n\r\n");
}

TEST(Answer, HasNoBodyWhereNoneBelongs) {
  Reply reply;
  reply.body("hidden");
  const std::string end = "Referrer-Policy: same-origin\r\n\r\n";

  EXPECT_TRUE(answer(reply, {.date_line = date, .is_head = true}).ends_with(end));
  reply.status = 204;
  EXPECT_TRUE(answer(reply).ends_with(end));
  reply.status = 304;
  EXPECT_TRUE(answer(reply).ends_with(end));
}

TEST(Answer, SaysWhatBecomesOfTheConnection) {
  EXPECT_NE(answer({}, {.date_line = date, .is_kept = false}).find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(answer({}, {.date_line = date, .is_1_0 = true}).find("Connection: keep-alive\r\n"), std::string::npos);
  EXPECT_EQ(answer({}).find("Connection:"), std::string::npos);
}

TEST(PlainAnswer, IsNeverStored) {
  Reply reply;
  reply.header("X", "1").body("old");

  write_plain(reply, 503);

  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.lines(), "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nRetry-After: 1\r\n");
  EXPECT_EQ(reply.body(), "503 Service Unavailable\n");
}

}  // namespace
}  // namespace propusk::http
