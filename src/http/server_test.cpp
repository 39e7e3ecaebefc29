// HTTP over real sockets: requests, bodies, pipelines, refusals.
#include "http/server.hpp"

#include <gtest/gtest.h>

#include "http/testing/echo_dialect.hpp"
#include "http/testing/raw_client.hpp"

namespace propusk::http {
namespace {

using testing::EchoServer;
using testing::RawClient;

std::string get(std::string_view target, std::string_view fields = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}
std::string post(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

class ServerTest : public ::testing::Test {
 protected:
  EchoServer echo;
  RawClient client{echo.server.port()};
};

TEST_F(ServerTest, KeepsTheConnectionAndItsHeaders) {
  const auto first = client.ask(get("/plain?1"));
  const auto second = client.ask(get("/plain?2"));

  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "/plain?1");
  EXPECT_EQ(second.body, "/plain?2");
  EXPECT_EQ(first.head,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Thu, 01 Jan 2026 00:00:00 "
            "GMT\r\nX-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: same-origin\r\nContent-Length: 8\r\n\r\n");
}

TEST_F(ServerTest, AnswersAPipelineInOrderWithAWaitingHandlerInTheMiddle) {
  client.send(get("/plain?1") + get("/wait") + get("/plain?3"));
  EXPECT_EQ(client.read().body, "/plain?1");
  echo.dialect.await_waiters(1);
  EXPECT_TRUE(client.is_silent());

  echo.dialect.open_gate();

  const auto waited = client.read();
  EXPECT_EQ(waited.body, "waited for /wait");
  EXPECT_FALSE(waited.has("X-Plain"));
  EXPECT_EQ(client.read().body, "/plain?3");
}

TEST_F(ServerTest, AnswersAnyNumberOfPipelinedRequests) {
  std::string requests;
  for (int i = 0; i < 2000; ++i)
    requests += i % 3 == 0 ? post("/echo", std::to_string(i)) : get("/plain?" + std::to_string(i));

  client.send(requests);

  for (int i = 0; i < 2000; ++i)
    ASSERT_EQ(client.read().body, i % 3 == 0 ? std::to_string(i) : "/plain?" + std::to_string(i));
}

TEST_F(ServerTest, AnswersRequestsThatComeByteByByte) {
  for (char c : get("/plain?slow")) client.send({&c, 1});

  EXPECT_EQ(client.read().body, "/plain?slow");
}

TEST_F(ServerTest, ReadsBodiesOfBothFramings) {
  const std::string long_body(1000, 'x');
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nCookie: "
      "a=b\r\n\r\n";

  EXPECT_EQ(client.ask(post("/echo", long_body)).body, long_body);
  EXPECT_EQ(client.ask(chunked).body, "abcde");
  for (char c : chunked) client.send({&c, 1});
  EXPECT_EQ(client.read().body, "abcde");
  EXPECT_EQ(client.ask(post("/echo", "")).body, "");
}

TEST_F(ServerTest, InvitesABodyOnlyWhenItIsAwaited) {
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read(false).head, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("abc").body, "abc");

  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc").body,
            "abc");
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n").status,
            200);
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n").status,
            413);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, RefusesOtherExpectationsAndThoseForUnknownPaths) {
  RawClient other(echo.server.port());

  EXPECT_EQ(client.ask(get("/plain", "Expect: tea\r\n")).status, 417);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(other.ask("POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").status,
            404);
  EXPECT_TRUE(other.is_closed());
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutBodyAndLength) {
  client.send("HEAD /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto head = client.read(false);

  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("Content-Type: text/plain"));
  EXPECT_FALSE(head.has("Content-Length"));
  EXPECT_EQ(client.ask(get("/plain")).body, "/plain");
}

TEST_F(ServerTest, TellsUnknownPathsFromUnknownMethods) {
  const auto unknown = client.ask(post("/none", "body"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, "404 Not Found\n");
  EXPECT_TRUE(unknown.has("Cache-Control: no-store\r\n"));

  const auto wrong = client.ask(post("/plain", ""));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_TRUE(wrong.has("Allow: GET, HEAD, OPTIONS\r\n"));

  const auto options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.status, 200);
  EXPECT_TRUE(options.has("Allow: POST, OPTIONS\r\n"));
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  RawClient old(echo.server.port()), kept(echo.server.port()), left(echo.server.port());

  EXPECT_TRUE(client.ask(get("/plain", "Connection: close\r\n")).has("Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(old.ask("GET /plain HTTP/1.0\r\n\r\n").has("Connection: close\r\n"));
  EXPECT_TRUE(old.is_closed());
  EXPECT_TRUE(kept.ask("GET /plain HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").has("Connection: keep-alive\r\n"));
  EXPECT_EQ(kept.ask(get("/plain")).status, 200);
  EXPECT_TRUE(left.ask(get("/leave")).has("Connection: close\r\n"));
  EXPECT_TRUE(left.is_closed());
}

TEST_F(ServerTest, ForgivesOneEmptyLineBeforeARequest) {
  EXPECT_EQ(client.ask("\r\n" + get("/plain?1")).body, "/plain?1");
  EXPECT_EQ(client.ask(get("/plain?2") + "\r\n" + get("/plain?3")).body, "/plain?2");
  EXPECT_EQ(client.read().body, "/plain?3");
  EXPECT_EQ(client.ask("\r\n\r\n" + get("/plain")).status, 400);
}

TEST_F(ServerTest, RefusesWhatIsTooLong) {
  const auto status = [this](std::string_view bytes) {
    RawClient fresh(echo.server.port());
    const int answered = fresh.ask(bytes).status;
    EXPECT_TRUE(fresh.is_closed());
    return answered;
  };
  const std::string long_text(20'000, 'x');

  EXPECT_EQ(status("GET /" + long_text), 414);
  EXPECT_EQ(status("GET /" + long_text + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  EXPECT_EQ(status(get("/plain", "X: " + long_text + "\r\n")), 431);
  EXPECT_EQ(status(post("/echo", std::string(1001, 'x'))), 413);
  EXPECT_EQ(status(post("/none", std::string(64 * 1024 + 1, 'x'))), 413);
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n"), 413);
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + long_text), 400);
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + long_text), 400);
}

TEST_F(ServerTest, TakesHeadersUpToTheLimit) {
  const std::string rest = get("/plain", "X: \r\n");

  EXPECT_EQ(client.ask(get("/plain", "X: " + std::string(16 * 1024 - rest.size(), 'x') + "\r\n")).status, 200);
  EXPECT_EQ(client.ask(get("/plain", "X: " + std::string(16 * 1024 - rest.size() + 1, 'x') + "\r\n")).status, 431);
}

TEST_F(ServerTest, TurnsFailuresIntoAnswers) {
  const auto outage = client.ask(get("/outage"));
  EXPECT_EQ(outage.status, 503);
  EXPECT_TRUE(outage.has("Retry-After: 1\r\n"));
  EXPECT_EQ(client.ask(get("/outage-later/s3cret")).status, 503);
  EXPECT_EQ(client.ask(get("/outage-later/s3cret?bug")).status, 500);
  EXPECT_EQ(client.ask(get("/outage?bug")).status, 500);
  EXPECT_EQ(client.ask(get("/plain")).status, 200);

  EXPECT_EQ(echo.observer.outages, 2);
  EXPECT_EQ(echo.observer.bugs, 2);
  EXPECT_EQ(echo.observer.secrets_told, 0) << "links hold secrets in their paths: a log gets the route";
  EXPECT_EQ(echo.server.counters().outages, 2U);
}

TEST(Server, LetsTheDialectWordItsFailures) {
  EchoServer echo({}, true);
  RawClient client(echo.server.port());

  EXPECT_EQ(client.ask(get("/outage")).body, "dialect says sorry");
  EXPECT_EQ(client.ask(get("/outage-later/s3cret?bug")).body, "dialect says sorry");
}

TEST_F(ServerTest, CountsAnswersByRouteAndKind) {
  client.ask(get("/plain"));
  client.ask(get("/plain"));
  client.ask(get("/none"));
  client.ask("GET / HTTP/3.0\r\n\r\n");

  const ServerCounters counters = echo.server.counters();

  EXPECT_EQ(counters.routes.front().answers[2], 2U);
  EXPECT_EQ(counters.routes.back().answers[4], 1U);
  EXPECT_EQ(counters.routes.back().answers[5], 1U);
  EXPECT_EQ(counters.bad_requests, 1U);
  EXPECT_EQ(counters.connections_opened, 1U);
}

TEST_F(ServerTest, IgnoresAndReportsForwardedHeadersOfStrangers) {
  const std::string request =
      get("/who", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nUser-Agent: curl/8\r\n");

  EXPECT_EQ(client.ask(request).body, "127.0.0.1 open curl/8");
  EXPECT_EQ(client.ask(request).body, "127.0.0.1 open curl/8");

  EXPECT_EQ(echo.observer.forwarded, 1);
  EXPECT_EQ(echo.server.counters().untrusted_forwarded, 2U);
}

TEST(Server, BelievesTrustedProxies) {
  ServerSettings settings;
  settings.trusted_proxies = {Network::parse("127.0.0.0/8").value()};
  EchoServer echo(std::move(settings));
  RawClient client(echo.server.port());

  EXPECT_EQ(client.ask(get("/who", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n")).body,
            "192.0.2.7 secure ");
}

TEST(Server, RefusesPlainHttpWhereItIsToldTo) {
  ServerSettings settings;
  settings.refuses_plain_http = true;
  settings.trusted_proxies = {Network::parse("127.0.0.0/8").value()};
  EchoServer echo(std::move(settings));
  RawClient client(echo.server.port());

  EXPECT_EQ(client.ask(get("/who")).status, 403);
  EXPECT_EQ(client.ask(get("/who", "X-Forwarded-Proto: http\r\n")).status, 403);
  EXPECT_EQ(client.ask(post("/echo", "secret")).body, "403 Forbidden\n");
  EXPECT_EQ(client.ask(get("/who", "X-Forwarded-Proto: https\r\n")).status, 200);
}

struct Form {
  const char* name;
  std::string bytes;
  int status;
};
void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }

class FramingForm : public ::testing::TestWithParam<Form> {};

TEST_P(FramingForm, IsRefusedAndNothingBehindItIsRead) {
  EchoServer echo;
  RawClient client(echo.server.port());

  client.send(GetParam().bytes + get("/plain?smuggled"));

  const auto answer = client.read();
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(echo.server.counters().routes.front().answers[2], 0U);
}

std::string fields(const std::string& lines) { return "POST /echo HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n"; }
std::vector<Form> forms() {
  return {
      {"length and coding", fields("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"coding and length", fields("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n") + "0\r\n\r\n", 400},
      {"two equal lengths", fields("Content-Length: 4\r\nContent-Length: 4\r\n") + "abcd", 400},
      {"two lengths", fields("Content-Length: 4\r\nContent-Length: 5\r\n") + "abcd", 400},
      {"list of lengths", fields("Content-Length: 4, 4\r\n") + "abcd", 400},
      {"signed length", fields("Content-Length: +4\r\n") + "abcd", 400},
      {"identity", fields("Transfer-Encoding: identity\r\n"), 501},
      {"chunked, identity", fields("Transfer-Encoding: chunked, identity\r\n") + "0\r\n\r\n", 501},
      {"xchunked", fields("Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n", 501},
      {"gzip, chunked", fields("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n", 501},
      {"two codings", fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"fold", fields("X: a\r\n b\r\n"), 400},
      {"space before colon", fields("X : a\r\n"), 400},
      {"bare line feeds", "GET /plain HTTP/1.1\nHost: a\n\n", 400},
      {"bare line feed in fields", fields("X: a\nY: b\r\n"), 400},
      {"bare carriage return", fields("X: a\rb\r\n"), 400},
      {"NUL", fields(std::string("X: a\0b\r\n", 8)), 400},
      {"no host", "GET /plain HTTP/1.1\r\n\r\n", 400},
      {"two hosts", fields("Host: b\r\n"), 400},
      {"old version with coding", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"HTTP/1.2", "GET /plain HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"two leading empty lines", "\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"space in target", "GET /plain b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"UTF-8 in target", "GET /\xd0\xbf HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"relative target", "GET plain HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"long chunk extension",
       fields("Transfer-Encoding: chunked\r\n") + "1;" + std::string(300, 'a') + "\r\nx\r\n0\r\n\r\n", 400},
      {"chunk size overflow", fields("Transfer-Encoding: chunked\r\n") + "fffffffffffffffff\r\nx\r\n0\r\n\r\n", 400},
      {"chunk size 0x1", fields("Transfer-Encoding: chunked\r\n") + "0x1\r\nx\r\n0\r\n\r\n", 400},
      {"chunk without its line end", fields("Transfer-Encoding: chunked\r\n") + "1\r\nxyz\r\n0\r\n\r\n", 400},
      {"lower-case method", "get /plain HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"too many fields", fields([] {
         std::string many;
         for (int i = 0; i < 3000; ++i) many += "a:b\r\n";
         return many;
       }()),
       431},
  };
}
INSTANTIATE_TEST_SUITE_P(Server, FramingForm, ::testing::ValuesIn(forms()));

}  // namespace
}  // namespace propusk::http
