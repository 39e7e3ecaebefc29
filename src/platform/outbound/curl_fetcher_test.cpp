// What the fetcher sends, whom it trusts, how long it waits and how much it takes: against a real upstream on loopback.
#include "platform/outbound/curl_fetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/bug.hpp"
#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "platform/outbound/testing/fetching.hpp"

namespace propusk::platform {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace testing;  // Fetching and the upstreams

UpstreamAnswer raw(std::string bytes, Afterwards afterwards = Afterwards::close) {
  return {.raw = std::move(bytes), .afterwards = afterwards};
}
TlsUpstream::Handler always(const UpstreamAnswer& answer) {
  return [answer](const UpstreamRequest&) { return answer; };
}
/// Answers with the request itself.
UpstreamAnswer mirror(const UpstreamRequest& request) {
  std::string out = request.method + " " + request.target + "\n";
  for (const auto& [name, value] : request.headers) out += name + ": " + value + "\n";
  return {.body = out + "\n" + request.body};
}

struct CurlFetcherTest : ::testing::Test, Fetching {
  /// What is told of an upstream that always answers so.
  std::string told_of(const UpstreamAnswer& answer, milliseconds patience = seconds{60}) {
    const TlsUpstream upstream(authority, always(answer));
    return told(get(upstream.origin() + "/", patience));
  }
  std::string told_of(UpstreamSettings settings) {
    const TlsUpstream upstream(authority, ok, std::move(settings));
    return told(get(upstream.origin() + "/"));
  }
};

TEST_F(CurlFetcherTest, an_answer_comes_as_it_is_whatever_its_status) {
  for (const int status : {200, 201, 204, 400, 401, 404, 429, 500, 503}) {
    const std::string body = status == 204 ? "" : "said " + std::to_string(status);
    const TlsUpstream upstream(authority, always({.status = status, .body = body}));
    const auto outcome = get(upstream.origin() + "/");
    EXPECT_EQ(told(outcome), std::to_string(status));
    EXPECT_EQ(outcome->body, body);
  }
}

TEST_F(CurlFetcherTest, a_get_is_sent_with_its_headers_and_little_else) {
  const TlsUpstream upstream(authority, mirror);
  const auto outcome = ask({.url = upstream.origin() + "/me?a=b",
                            .headers = {{"Authorization", Secret<>("Bearer t0ken")}, {"X-Empty", Secret<>("")}}});
  ASSERT_TRUE(outcome) << told(outcome);
  EXPECT_EQ(outcome->body, "GET /me?a=b\nHost: localhost:" + std::to_string(upstream.port()) +
                               "\nUser-Agent: propusk\nAccept: */*\nAuthorization: Bearer t0ken\nX-Empty: \n\n");
}

TEST_F(CurlFetcherTest, a_form_makes_it_a_post) {
  const TlsUpstream upstream(authority, mirror);
  const std::string form = "code=a%20b&secret=" + std::string(40'000, 'x');
  const auto urlencoded = post(upstream.origin() + "/token", form);
  ASSERT_TRUE(urlencoded) << told(urlencoded);
  EXPECT_THAT(urlencoded->body, StartsWith("POST /token\n"));
  EXPECT_THAT(urlencoded->body, HasSubstr("\nContent-Type: application/x-www-form-urlencoded\n"));
  EXPECT_TRUE(urlencoded->body.ends_with("\n\n" + form));

  const auto json = ask({.url = upstream.origin() + "/token",
                         .headers = {{"Content-Type", Secret<>("application/json")}},
                         .form = Secret<>(R"({"access_token":"t"})")});
  ASSERT_TRUE(json) << told(json);
  EXPECT_THAT(json->body, HasSubstr("\nContent-Type: application/json\n"));
  EXPECT_FALSE(json->body.contains("urlencoded"));
  EXPECT_TRUE(post(upstream.origin() + "/token", "")->body.starts_with("POST "));
}

TEST_F(CurlFetcherTest, a_header_of_two_lines_is_a_bug_and_never_sent) {
  const TlsUpstream upstream(authority, ok);
  const std::vector<std::pair<std::string, Secret<>>> wrong{{"Authorization", Secret<>("Bearer a\r\nX: y")},
                                                            {"Authorization", Secret<>("a\n")},
                                                            {"A", Secret<>(std::string("a\0b", 3))},
                                                            {"A\r\nB", Secret<>("c")},
                                                            {"A:", Secret<>("b")},
                                                            {"", Secret<>("b")},
                                                            {"A b", Secret<>("c")},
                                                            {"ä", Secret<>("b")}};
  for (const auto& header : wrong)
    EXPECT_THROW(ask({.url = upstream.origin() + "/", .headers = {header}}), Bug) << header.first;
  EXPECT_EQ(upstream.requests(), 0U);
}

TEST_F(CurlFetcherTest, a_certificate_has_to_be_for_the_name_in_time_and_by_an_authority_of_ours) {
  const TestAuthority stranger;
  EXPECT_EQ(told_of(UpstreamSettings{.names = {"localhost"}}), "200");
  EXPECT_EQ(told_of(UpstreamSettings{.names = {"other.example"}}), "unreachable");
  EXPECT_EQ(told_of(UpstreamSettings{.names = {"127.0.0.1"}}), "unreachable")
      << "the name was asked for, not the address";
  EXPECT_EQ(told_of(UpstreamSettings{.certified_key = authority.issue({"localhost"}, seconds{-1})}), "unreachable");
  EXPECT_EQ(told_of(UpstreamSettings{.certified_key = stranger.issue({"localhost"})}), "unreachable");
  EXPECT_EQ(told_of(UpstreamSettings{.certified_key = authority.issue({"localhost"})}), "200");
}

TEST_F(CurlFetcherTest, tls_is_1_2_or_later) {
  EXPECT_EQ(told_of(UpstreamSettings{.highest_tls = 0x0301}), "unreachable");
  EXPECT_EQ(told_of(UpstreamSettings{.highest_tls = 0x0302}), "unreachable");
  EXPECT_EQ(told_of(UpstreamSettings{.highest_tls = 0x0303}), "200");
  EXPECT_EQ(told_of(UpstreamSettings{.highest_tls = 0x0304}), "200");
}

TEST_F(CurlFetcherTest, what_is_no_https_is_unreachable) {
  const TlsUpstream upstream(authority, ok, {.greeting = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"});
  const std::string port = std::to_string(upstream.port());
  EXPECT_EQ(told(get("https://localhost:" + port + "/")), "unreachable") << "plain text on the port of TLS";
  const std::size_t before = upstream.connections();
  for (const std::string& url :
       {"http://localhost:" + port + "/", "localhost:" + port + "/", "ftp://localhost:" + port + "/",
        std::string("file:///etc/passwd"), "https+unix://localhost:" + port + "/", "//localhost:" + port + "/",
        std::string("https://"), std::string("https:///"), std::string("https://local host:") + port + "/",
        "https://user:pass@localhost:" + port + "/", "https://localhost:" + port + "/#fragment",
        std::string("https://localhost:99999/"), std::string(), std::string("\n")})
    EXPECT_EQ(told(get(url)), "unreachable") << url;
  EXPECT_EQ(upstream.connections(), before);
  const TlsUpstream real(authority, ok);
  EXPECT_EQ(told(get("HTTPS://LOCALHOST:" + std::to_string(real.port()) + "/")), "200");
}

TEST_F(CurlFetcherTest, half_an_answer_and_garbage_are_none) {
  EXPECT_EQ(told_of(raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")), "200");
  for (const char* bytes : {"", "H", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n",
                            "HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}", "SSH-2.0-OpenSSH_9.2\r\n", "{}\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"}) {
    clock.advance(CircuitBreaker::rest);
    EXPECT_EQ(told_of(raw(bytes)), "unreachable") << bytes;
  }
}

TEST_F(CurlFetcherTest, who_is_silent_or_slow_is_given_up_at_the_deadline) {
  EXPECT_EQ(told_of(UpstreamAnswer{.delay = milliseconds{50}}), "200");
  EXPECT_EQ(told_of(UpstreamAnswer{.delay = std::chrono::hours{1}}, milliseconds{200}), "timed_out");
  for (const char* half : {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"})
    EXPECT_EQ(told_of(raw(half, Afterwards::hang), milliseconds{200}), "timed_out") << half;
  EXPECT_EQ(told_of(raw("", Afterwards::hang), milliseconds{200}), "timed_out");
  EXPECT_EQ(told_of(UpstreamAnswer{}, milliseconds{-1}), "timed_out");
}

TEST_F(CurlFetcherTest, nobody_waits_longer_than_the_patience_whatever_the_deadline) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(told_of(UpstreamAnswer{.delay = std::chrono::hours{1}}, std::chrono::hours{1}), "timed_out");
  const auto waited = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(waited, providers::fetch_patience);
  EXPECT_LT(waited, providers::fetch_patience + seconds{10});
}

TEST_F(CurlFetcherTest, a_body_ends_at_64_kib_whatever_is_said_of_its_length) {
  const std::string most(64 * 1024, 'x'), more = most + "x";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const TlsUpstream upstream(authority, always({.body = most}));
  EXPECT_EQ(get(upstream.origin() + "/")->body, most);
  EXPECT_EQ(told_of(UpstreamAnswer{.body = more}), "too_large");
  EXPECT_EQ(told_of(UpstreamAnswer{.body = std::string(20 << 20, 'x')}), "too_large");
  EXPECT_EQ(told_of(raw(chunked + "10000\r\n" + most + "\r\n0\r\n\r\n")), "200");
  EXPECT_EQ(told_of(raw(chunked + "10001\r\n" + more + "\r\n0\r\n\r\n")), "too_large");
  EXPECT_EQ(told_of(raw("HTTP/1.1 200 OK\r\n\r\n" + more)), "too_large");
  EXPECT_EQ(told_of(raw("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n" + more)), "too_large");
  EXPECT_EQ(told_of(UpstreamAnswer{.status = 500, .body = more}), "too_large") << "an error page too";
}

/// 100 KiB of one letter, made by gzip.
std::string gzip_bomb() {
  const auto bytes = from_hex(
      "1f8b08000000000002ffedc13101000000c2a04aeb9fce129e4001000000000000000000000000000000000000000000000000000000"
      "000000000000000000000000000000000000000000000000000000000000000000000000000000006f033e9eb34370110100");
  return {reinterpret_cast<const char*>(bytes.value().data()), bytes->size()};
}

TEST_F(CurlFetcherTest, compression_does_not_get_around_the_limit) {
  const std::string bomb = gzip_bomb();
  const std::string length = "Content-Length: " + std::to_string(bomb.size()) + "\r\n\r\n";
  const TlsUpstream coded(authority, always(raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + length + bomb)));
  EXPECT_EQ(get(coded.origin() + "/")->body, bomb) << "not asked for, not unpacked";
  char chunk[16];
  std::snprintf(chunk, sizeof chunk, "%zx\r\n", bomb.size());
  EXPECT_NE(told_of(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + std::string(chunk) + bomb +
                        "\r\n0\r\n\r\n")),
            "200");
}

TEST_F(CurlFetcherTest, headers_without_end_are_too_large) {
  const auto fields = [](int count) {
    std::string out = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < count; ++i) out += "X-Field: " + std::string(100, 'x') + "\r\n";
    return out + "Content-Length: 2\r\n\r\n{}";
  };
  std::string interim;
  for (int i = 0; i < 10'000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";

  EXPECT_EQ(told_of(raw(fields(250))), "200");
  EXPECT_EQ(told_of(raw(fields(10'000))), "too_large");
  EXPECT_NE(told_of(raw("HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x'))), "200");
  EXPECT_EQ(told_of(raw(interim + fields(1))), "too_large");
}

TEST_F(CurlFetcherTest, a_redirect_is_never_followed) {
  const TlsUpstream inside(authority, ok);
  for (const int status : {300, 301, 302, 303, 304, 307, 308}) {
    const UpstreamAnswer answer{.status = status, .headers = {{"Location", inside.origin() + "/admin"}}};
    EXPECT_EQ(told_of(answer), "redirected") << status;
    const TlsUpstream upstream(authority, always(answer));
    EXPECT_EQ(told(post(upstream.origin() + "/", "secret=1")), "redirected") << status;
  }
  EXPECT_EQ(inside.connections(), 0U);
  EXPECT_EQ(told(get(inside.origin() + "/")), "200") << "it could have been reached";
}

TEST_F(CurlFetcherTest, a_host_that_keeps_failing_is_not_asked_until_it_has_rested) {
  std::atomic<bool> is_well = false;
  const TlsUpstream upstream(authority,
                             [&](const UpstreamRequest&) { return UpstreamAnswer{.status = is_well ? 200 : 503}; });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(told(get(upstream.origin() + "/")), "503");
  EXPECT_EQ(told(get(upstream.origin() + "/other?path")), "circuit_open");
  EXPECT_EQ(upstream.requests(), 5U);
  EXPECT_EQ(told_of(UpstreamAnswer{}), "200") << "another port is another host";
  is_well = true;
  clock.advance(CircuitBreaker::rest);
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  const std::string host = "localhost:" + std::to_string(upstream.port());
  EXPECT_THAT(notes(), ElementsAre("opened " + host + ": it answers 503", "closed " + host));
}

TEST_F(CurlFetcherTest, what_a_host_does_wrong_on_purpose_opens_no_circuit) {
  for (const UpstreamAnswer& answer : {UpstreamAnswer{.status = 404}, UpstreamAnswer{.status = 302},
                                       UpstreamAnswer{.body = std::string(70'000, 'x')}}) {
    const TlsUpstream upstream(authority, always(answer));
    for (int i = 0; i < 7; ++i) EXPECT_NE(told(get(upstream.origin() + "/")), "circuit_open") << answer.status;
  }
}

TEST_F(CurlFetcherTest, silence_and_a_closed_port_open_a_circuit_too) {
  const TlsUpstream upstream(authority, always({.delay = std::chrono::hours{1}}));
  EXPECT_EQ(told(get(upstream.origin() + "/", milliseconds{20})), "timed_out");
  // Whoever waited may know that it is too late before the fetcher does.
  for (int i = 0; i < 100 && notes().empty(); ++i)
    EXPECT_NE(told(get(upstream.origin() + "/", milliseconds{20})), "200");
  EXPECT_EQ(told(get(upstream.origin() + "/")), "circuit_open");
  const std::string closed = TlsUpstream(authority, ok).origin() + "/";  // gone already
  for (int i = 0; i < 5; ++i) EXPECT_EQ(told(get(closed)), "unreachable");
  EXPECT_EQ(told(get(closed)), "circuit_open");
}

TEST_F(CurlFetcherTest, of_special_addresses_operators_are_told_once_a_minute) {
  Fetching careful({}, false);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(told(careful.get("https://LOCALHOST/")), "forbidden_address");
  ASSERT_EQ(careful.notes().size(), 1U);
  EXPECT_THAT(careful.notes()[0], StartsWith("forbidden localhost:443: "));
  careful.clock.advance(std::chrono::minutes{1});
  (void)careful.get("https://localhost/");
  EXPECT_EQ(careful.notes().size(), 2U);
}

TEST(CurlFetcherCertificatesTest, the_ca_file_has_certificates_or_the_start_fails) {
  const TemporaryDirectory directory;
  const std::string file = (directory.path() / "ca.pem").string();
  const FakeClock clock;
  const auto start = [&] { const CurlFetcher fetcher({.allowed = {}, .ca_file = file}, clock); };

  EXPECT_THROW(start(), Outage);
  std::ofstream(file) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  EXPECT_THROW(start(), Outage);
  std::filesystem::copy_file(TestAuthority().ca_file(), file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_NO_THROW(start());
}

}  // namespace
}  // namespace propusk::platform
