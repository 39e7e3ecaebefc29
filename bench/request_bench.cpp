// request_bench: what one session check costs in http/ without a socket: framing, parsing, and the whole conversation
// from bytes to bytes.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string_view>

#include "http/conversation.hpp"
#include "http/framing.hpp"
#include "http/lane.hpp"
#include "http/request_parser.hpp"
#include "platform/system_clock.hpp"

namespace {
using namespace propusk;

/// As a browser sends it: ten fields, two cookies.
constexpr std::string_view session_check =
    "GET /mobile/start/ HTTP/1.1\r\n"
    "Host: 127.0.0.1:8080\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Referer: http://127.0.0.1:8080/\r\n"
    "Cookie: csrftoken=abcdefghijklmnopqrstuvwxyzABCDEF; sessionid=abcdefghijklmnopqrstuvwxyz012345\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "\r\n";

void framing(benchmark::State& state) {
  http::Request request;
  for (auto _ : state) benchmark::DoNotOptimize(http::check_framing(session_check, request));
}
BENCHMARK(framing);

void parsing(benchmark::State& state) {
  http::RequestParser parser;
  http::Request request;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.start(session_check, request));
    benchmark::DoNotOptimize(request.cookie("sessionid"));
  }
}
BENCHMARK(parsing);

struct Yes {};
constexpr http::Route<Yes> routes[] = {{.method = http::Method::get,
                                        .path = "/mobile/start/",
                                        .plain = [](Yes&, const http::Request& request, http::Reply& reply) {
                                          reply.headers("Content-Type: text/html; charset=utf-8\r\n");
                                          reply.body(request.cookie("sessionid") ? "Yes" : "");
                                          return http::Next::send;
                                        }}};

class SilentObserver final : public http::ServerObserver {
  void outage(std::string_view, const http::Request&, std::string_view) override {}
  void bug(std::string_view, const http::Request&, std::string_view) override {}
  void untrusted_forwarded(const ClientAddress&) override {}
};

void conversation(benchmark::State& state) {
  const platform::SystemClock clock;
  SilentObserver observer;
  Yes dialect;
  http::Router router;
  router.mount(routes, dialect);
  http::Service service({}, std::move(router), clock, observer);
  http::Lane lane(service);
  http::Conversation talk(lane, {.address = {}, .is_tls = false}, [] { return false; });
  for (auto _ : state) {
    const auto room = talk.room();
    std::memcpy(room.data(), session_check.data(), session_check.size());
    talk.received(session_check.size());
    benchmark::DoNotOptimize(talk.advance());
    benchmark::DoNotOptimize(talk.answers().data());
    talk.answers().clear();
    talk.rest();
  }
}
BENCHMARK(conversation);
}  // namespace
