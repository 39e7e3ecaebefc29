// Every framing form on which readers are known to disagree (DESIGN.md §4).
#include "http/framing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace propusk::http {
namespace {

std::expected<Framing, int> check(const std::string& block) {
  Request request;
  return check_framing(block, request);
}
int verdict(const std::string& block) {
  const auto framing = check(block);
  return framing ? 200 : framing.error();
}
int verdict_of_fields(const std::string& fields) { return verdict("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"); }
std::string fields(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "a:b\r\n";
  return out;
}

TEST(Framing, AcceptsWhatAllReadersReadTheSame) {
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nhOST:a.example:8080\r\n\r\n"), 200);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: [::1]:8080\t \r\n\r\n"), 200);
  EXPECT_EQ(verdict("GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
  EXPECT_EQ(verdict("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(verdict_of_fields("X:\r\nY: \xd0\xbf\tq\r\n"), 200);
  EXPECT_EQ(verdict_of_fields(fields(99)), 200);
}

TEST(Framing, LearnsWhereTheBodyEnds) {
  const auto sized = check("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n");
  const auto chunked = check("POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHUNKED\r\n\r\n");
  const auto none = check("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

  EXPECT_EQ(sized->content_length, 7U);
  EXPECT_TRUE(sized->has_body());
  EXPECT_TRUE(chunked->is_chunked);
  EXPECT_FALSE(none->has_body());
}

TEST(Framing, KnowsWhetherTheConnectionIsKept) {
  EXPECT_TRUE(check("GET / HTTP/1.1\r\nHost: a\r\n\r\n")->is_kept);
  EXPECT_FALSE(check("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n")->is_kept);
  EXPECT_FALSE(check("GET / HTTP/1.1\r\nHost: a\r\nConnection: "
                     "keep-alive\r\nConnection: close\r\n\r\n")
                   ->is_kept);
  EXPECT_FALSE(check("GET / HTTP/1.0\r\n\r\n")->is_kept);
  EXPECT_TRUE(check("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->is_kept);
}

TEST(Framing, FillsTheRequestWithViewsOfTheBlock) {
  const std::string block = "GET /a/b?c=d HTTP/1.1\r\nHost:  x.example \r\nX-Empty:\r\n\r\n";
  Request request;
  ASSERT_TRUE(check_framing(block, request));

  EXPECT_EQ(request.method, Method::get);
  EXPECT_EQ(request.target, "/a/b?c=d");
  ASSERT_EQ(request.headers.size(), 2U);
  EXPECT_EQ(request.headers[0].value, "x.example");
  EXPECT_EQ(request.headers[1].value, "");
  EXPECT_EQ(request.target.data(), block.data() + 4);
}

TEST(Framing, FindsControlCharactersAtEveryPlaceOfAValue) {
  for (std::size_t at = 0; at < 40; ++at) {
    for (const char bad : {'\0', '\x01', '\x1f', '\x7f', '\r', '\n'}) {
      std::string value(40, 'v');
      value[at] = bad;
      EXPECT_EQ(verdict_of_fields("X: " + value + "\r\n"), 400) << at << ' ' << int{bad};
    }
    std::string value(40, '\xff');
    value[at] = '\t';
    EXPECT_EQ(verdict_of_fields("X: " + value + "\r\n"), 200) << at;
  }
}

TEST(Framing, RefusesTwoAnswersToWhereTheBodyEnds) {
  for (const char* both :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 4\r\n", "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    EXPECT_EQ(verdict_of_fields(both), 400) << both;
  }
}

TEST(Framing, RefusesLengthsThatAreNotPlainDigits) {
  for (const char* length :
       {"4, 4", "+4", "-4", "0x4", "4 4", "", "4a", "1e1", "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_EQ(verdict_of_fields("Content-Length: " + std::string(length) + "\r\n"), 400) << length;
  }
  EXPECT_EQ(verdict_of_fields("Content-Length: 18446744073709551615\r\n"), 200);
}

TEST(Framing, KnowsNoTransferCodingButChunked) {
  for (const char* coding : {"identity", "chunked, identity", "xchunked", "gzip, chunked", "chunked, chunked",
                             "\"chunked\"", "", "chunked;q=1"}) {
    EXPECT_EQ(verdict_of_fields("Transfer-Encoding: " + std::string(coding) + "\r\n"), 501) << coding;
  }
  EXPECT_EQ(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Framing, RefusesMalformedFieldLines) {
  const std::string nul("X: a\0b\r\n", 8);
  for (const std::string& line :
       {std::string("X: a\r\n b\r\n"), std::string("X: a\r\n\tb\r\n"), std::string("X : a\r\n"), std::string(": a\r\n"),
        std::string("X\r\n"), std::string("X: a\nY: b\r\n"), std::string("X: a\rb\r\n"), nul,
        std::string("X: \x01\r\n"), std::string("X: \x7f\r\n"), std::string("X\xd0: a\r\n"),
        std::string("X(: a\r\n")}) {
    EXPECT_EQ(verdict_of_fields(line), 400) << line;
  }
  EXPECT_EQ(verdict(std::string("GET / HTTP/1.1\r\n Host: a\r\n\r\n")), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.1\nHost: a\n\n"), 400);
}

TEST(Framing, WantsExactlyOneHost) {
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
  for (const char* second : {"Host: b\r\n", "Host: a\r\n", "hoST: a\r\n"})
    EXPECT_EQ(verdict_of_fields(second), 400) << second;
  for (const char* host : {"a b", "a,b", "a/b", "u@a", "a?b", "a#b", "a\\b", "\xd0\xbf"}) {
    EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 400) << host;
  }
}

TEST(Framing, RefusesMalformedRequestLines) {
  for (const char* line :
       {"GET /a b HTTP/1.1", "GET /\xd0\xbf HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /",
        "GET", "", "GET\t/ HTTP/1.1", "G(T / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1.10", "GET / HTTP/11",
        "GET / HTTP/x.1", "GET /\x01 HTTP/1.1", "GET  HTTP/1.1"}) {
    EXPECT_EQ(verdict(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
  }
}

TEST(Framing, AnswersForeignVersionsAndMethodsApart) {
  EXPECT_EQ(verdict("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(verdict("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(verdict("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(verdict("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(verdict("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(verdict("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
}

TEST(Framing, CountsFields) {
  EXPECT_EQ(verdict_of_fields(fields(100)), 431);
  EXPECT_EQ(verdict_of_fields(fields(3000)), 431);
}

TEST(Framing, GivesUpOnAPartThatCanNeverBecomeGood) {
  EXPECT_TRUE(is_hopeless("GET / HTTP/1.1\nHost"));
  EXPECT_TRUE(is_hopeless("\x16\x03\x01"));
  EXPECT_TRUE(is_hopeless("GET /\rx"));
  EXPECT_FALSE(is_hopeless("GET / HTTP/1.1\r\nHost: a\r"));
}

}  // namespace
}  // namespace propusk::http
