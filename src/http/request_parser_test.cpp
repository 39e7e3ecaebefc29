// What Beast makes of accepted blocks and of bodies, whole and in pieces.
#include "http/request_parser.hpp"

#include <gtest/gtest.h>

#include "http/framing.hpp"

namespace propusk::http {
namespace {

constexpr std::string_view chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Fed {
  int status = 200;  ///< 0: more is needed
  std::string body;
  std::size_t left = 0;
};

/// Feeds `bytes` in pieces of `step`, as they would come from a socket.
Fed feed(std::string_view head, std::string_view bytes, std::size_t step, std::size_t limit = 1000) {
  Request request;
  RequestParser parser;
  EXPECT_TRUE(check_framing(head, request) && parser.start(head, request)) << head;
  Fed fed;
  std::string waiting;
  while (!parser.is_done()) {
    if (bytes.empty()) return {0, fed.body, waiting.size()};
    waiting += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    const auto taken = parser.feed(waiting, limit, fed.body);
    if (!taken) return {taken.error(), fed.body, 0};
    waiting.erase(0, *taken);
  }
  fed.left = waiting.size() + bytes.size();
  return fed;
}

TEST(RequestParser, FillsTheRequestWithViewsOfTheBlock) {
  const std::string block =
      "GET /a/b?c=d&e HTTP/1.1\r\nHost:  x.example "
      "\r\nX-Empty:\r\nAccept: */*\r\n\r\n";
  Request request;
  RequestParser parser;

  ASSERT_TRUE(parser.start(block, request));

  EXPECT_EQ(request.method, Method::get);
  EXPECT_EQ(request.target, "/a/b?c=d&e");
  EXPECT_EQ(request.path, "/a/b");
  EXPECT_EQ(request.query, "c=d&e");
  ASSERT_EQ(request.headers.size(), 3U);
  EXPECT_EQ(request.headers[0].value, "x.example");
  EXPECT_EQ(request.headers[1].value, "");
  EXPECT_GE(request.target.data(), block.data());
  EXPECT_LT(request.target.data(), block.data() + block.size());
  EXPECT_TRUE(parser.is_done());
}

TEST(RequestParser, ReadsTheSameFieldsAsTheFramingCheck) {
  for (const std::string_view block :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /a?b HTTP/1.1\r\nhost:\ta \r\nCookie: a=b; c=d\r\nX:\r\n\r\n",
        "GET http://a/b?c HTTP/1.0\r\nX-Y: \xd0\xbf\tq  z\t\r\nx-y: 2\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:1\r\n\r\n"}) {
    Request ours, beasts;
    RequestParser parser;
    ASSERT_TRUE(check_framing(block, ours)) << block;
    ASSERT_TRUE(parser.start(block, beasts)) << block;

    EXPECT_EQ(ours.method_text, beasts.method_text);
    EXPECT_EQ(ours.method, beasts.method);
    EXPECT_EQ(ours.target, beasts.target);
    ASSERT_EQ(ours.headers.size(), beasts.headers.size()) << block;
    for (std::size_t i = 0; i < ours.headers.size(); ++i) {
      EXPECT_EQ(ours.headers[i].name, beasts.headers[i].name);
      EXPECT_EQ(ours.headers[i].value, beasts.headers[i].value);
    }
  }
}

TEST(RequestParser, ReadsChunksWhereverTheyAreCut) {
  const std::string_view body = "3\r\nabc\r\n4;name=\"v\"\r\ndefg\r\n0\r\n\r\nGET";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const Fed fed = feed(chunked_head, body, step);
    EXPECT_EQ(fed.status, 200) << step;
    EXPECT_EQ(fed.body, "abcdefg") << step;
    EXPECT_EQ(fed.left, 3U) << step;
  }
}

TEST(RequestParser, ReadsSizedBodiesAndLeavesTheRest) {
  const Fed fed = feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", "abcdGET", 3);

  EXPECT_EQ(fed.body, "abcd");
  EXPECT_EQ(fed.left, 3U);
}

TEST(RequestParser, DropsTrailers) {
  Request request;
  RequestParser parser;
  std::string body;

  ASSERT_TRUE(parser.start(chunked_head, request));
  ASSERT_TRUE(parser.feed("1\r\nx\r\n0\r\nAuthorization: Token zzz\r\nCookie: id=q\r\n\r\n", 10, body));

  EXPECT_TRUE(parser.is_done());
  EXPECT_EQ(body, "x");
  EXPECT_EQ(request.header("Authorization"), std::nullopt);
  EXPECT_EQ(request.cookie("id"), std::nullopt);
}

TEST(RequestParser, RefusesBrokenChunks) {
  const std::string long_extension = "1;" + std::string(257, 'a') + "\r\nx\r\n0\r\n\r\n";
  for (const std::string& body :
       {std::string("fffffffffffffffff\r\nx\r\n0\r\n\r\n"), std::string("0x1\r\nx\r\n0\r\n\r\n"),
        std::string("-1\r\nx\r\n0\r\n\r\n"), std::string("\r\nx\r\n0\r\n\r\n"), std::string("1\r\nxyz0\r\n\r\n"),
        std::string("1\nx\n0\n\n\r\n"), std::string("1;\na\r\nx\r\n0\r\n\r\n"), std::string("1 \r\nx\r\n0\r\n\r\n"),
        long_extension, std::string("0\r\nContent-Length: 3\r\n\r\n"),
        std::string("0\r\nTransfer-Encoding: chunked\r\n\r\n")}) {
    EXPECT_EQ(feed(chunked_head, body, body.size()).status, 400) << body;
  }
}

TEST(RequestParser, AppliesTheLimitBeforeReading) {
  EXPECT_EQ(feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "a", 1, 4).status, 413);
  EXPECT_EQ(feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", "abcd", 4, 4).status, 200);
  EXPECT_EQ(feed(chunked_head, "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 100, 4).status, 413);
  EXPECT_EQ(feed(chunked_head, "2\r\nab\r\n2\r\nde\r\n0\r\n\r\n", 100, 4).status, 200);
}

TEST(SplitTarget, ReducesAbsoluteUrisAndRefusesOtherForms) {
  std::string_view path, query;

  EXPECT_TRUE(split_target("http://evil.example/x?y=1", path, query));
  EXPECT_EQ(path, "/x");
  EXPECT_EQ(query, "y=1");
  EXPECT_TRUE(split_target("HTTPS://a?q", path, query));
  EXPECT_EQ(path, "/");
  EXPECT_EQ(query, "q");
  EXPECT_TRUE(split_target("http://a", path, query));
  EXPECT_EQ(path, "/");
  EXPECT_TRUE(split_target("*", path, query));
  EXPECT_FALSE(split_target("a:80", path, query));
  EXPECT_FALSE(split_target("http://", path, query));
  EXPECT_FALSE(split_target("ftp://a/", path, query));
}

}  // namespace
}  // namespace propusk::http
