// Many at once: how connections are shared, what is refused, and that nobody is left without an answer.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "platform/metrics.hpp"
#include "platform/outbound/testing/fetching.hpp"

namespace propusk::platform {
namespace {
using namespace testing;  // Fetching and the upstreams

/// So many callers of one URL, on a few threads, as the server has them.
class Callers {
 public:
  Callers(providers::Fetcher& fetcher, const std::string& url, std::size_t count)
      : outcomes_(count, std::unexpected(providers::FetchFailure::forbidden_address)) {
    for (std::size_t i = 0; i < threads; ++i) contexts_.emplace_back(1);
    const Deadline deadline = std::chrono::steady_clock::now() + seconds{60};
    for (std::size_t i = 0; i < count; ++i)
      boost::asio::co_spawn(contexts_[i % threads], ask(fetcher, url, deadline, outcomes_[i]), boost::asio::detached);
    for (boost::asio::io_context& context : contexts_) threads_.emplace_back([&context] { context.run(); });
  }
  ~Callers() { wait(); }
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;

  [[nodiscard]] std::size_t answered() const { return answered_; }
  /// Until so many have their answer.
  void wait_for(std::size_t count) const {
    for (std::size_t now = answered_; now < count; now = answered_) answered_.wait(now);
  }
  /// Until all have.
  void wait() {
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  /// How many were told so; after wait().
  [[nodiscard]] std::size_t told_so(std::string_view what) {
    wait();
    return static_cast<std::size_t>(
        std::ranges::count_if(outcomes_, [what](const FetchOutcome& outcome) { return told(outcome) == what; }));
  }

 private:
  Task<void> ask(providers::Fetcher& fetcher, std::string url, Deadline deadline, FetchOutcome& outcome) {
    outcome = co_await fetcher.fetch({.url = std::move(url)}, deadline);
    ++answered_;
    answered_.notify_all();
  }
  static constexpr std::size_t threads = 2;
  std::vector<FetchOutcome> outcomes_;
  std::atomic<std::size_t> answered_ = 0;
  std::deque<boost::asio::io_context> contexts_;
  std::vector<std::thread> threads_;
};

/// A thousand connections have two ends each in this process.
void raise_open_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8'192);
  setrlimit(RLIMIT_NOFILE, &limit);
}

struct CurlFetcherLoadTest : ::testing::Test, Fetching {
  /// Patient: a busy machine takes its time for hundreds of TLS handshakes.
  CurlFetcherLoadTest() : Fetching({.patience = seconds{60}}) { raise_open_file_limit(); }
};

TEST_F(CurlFetcherLoadTest, one_connection_serves_one_request_after_the_other) {
  const TlsUpstream upstream(authority, ok);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  EXPECT_EQ(upstream.connections(), 1U);
}

TEST_F(CurlFetcherLoadTest, of_many_who_come_at_once_the_first_connections_serve_the_others) {
  const TlsUpstream upstream(authority, ok);
  Callers callers(*fetcher, upstream.origin() + "/", 200);
  EXPECT_EQ(callers.told_so("200"), 200U);
  EXPECT_LE(upstream.most_at_once(), 200U);
  EXPECT_LT(upstream.connections(), 200U) << "some served more than one";
}

/// They wait for the upstream, not for each other: it answers nobody before all have asked.
TEST_F(CurlFetcherLoadTest, a_hundred_are_in_flight_at_once) {
  constexpr std::size_t count = 100;
  const TlsUpstream upstream(authority, ok, {.together = count});
  Callers callers(*fetcher, upstream.origin() + "/", count);
  EXPECT_EQ(callers.told_so("200"), count);
  EXPECT_EQ(upstream.most_at_once(), count);
}

TEST_F(CurlFetcherLoadTest, beyond_two_thousand_it_is_overloaded_at_once) {
  CurlFetcher idle({.allowed = {}, .ca_file = authority.ca_file()}, clock);  // not started: nobody gets an answer
  Callers callers(idle, "https://localhost:1/", CurlFetcher::waiting_limit + 100);
  callers.wait_for(100);
  EXPECT_EQ(callers.answered(), 100U) << "the others still wait";
  idle.stop();
  EXPECT_EQ(callers.told_so("overloaded"), 100U);
  EXPECT_EQ(callers.told_so("unreachable"), CurlFetcher::waiting_limit);
}

TEST_F(CurlFetcherLoadTest, a_connection_that_was_closed_meanwhile_fails_nobody) {
  TlsUpstream upstream(authority, ok);
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  upstream.close_idle();
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  upstream.close_idle();
  EXPECT_EQ(told(post(upstream.origin() + "/", "a=b")), "200");
  EXPECT_EQ(upstream.connections(), 3U);
}

TEST_F(CurlFetcherLoadTest, a_get_that_met_a_dying_connection_is_asked_again_a_post_never) {
  std::atomic<int> asked = 0;
  const TlsUpstream upstream(authority, [&](const UpstreamRequest&) {
    const bool is_lost = ++asked % 2 == 0;
    return is_lost ? UpstreamAnswer{.raw = "", .afterwards = Afterwards::close} : UpstreamAnswer{.body = "{}"};
  });
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  EXPECT_EQ(told(get(upstream.origin() + "/")), "200");
  EXPECT_EQ(upstream.requests(), 3U) << "the second was lost with its connection";

  EXPECT_EQ(told(post(upstream.origin() + "/", "code=once")), "unreachable")
      << "it may have been taken: nobody sends it twice";
  EXPECT_EQ(upstream.requests(), 4U);
}

TEST_F(CurlFetcherLoadTest, its_end_answers_everybody_who_waits_and_whoever_comes_later) {
  const TlsUpstream upstream(authority,
                             [](const UpstreamRequest&) { return UpstreamAnswer{.delay = std::chrono::hours{1}}; });
  Callers callers(*fetcher, upstream.origin() + "/", 50);
  while (upstream.requests() == 0) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  fetcher->stop();
  EXPECT_EQ(callers.told_so("unreachable"), 50U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds{30}) << "nobody waited for the deadline";
  EXPECT_EQ(told(get(upstream.origin() + "/")), "unreachable");
  fetcher->stop();  // again: nothing
}

TEST_F(CurlFetcherLoadTest, requests_from_before_the_start_only_wait) {
  const TlsUpstream upstream(authority, ok);
  CurlFetcher late({.allowed = {*Network::parse("127.0.0.1"), *Network::parse("::1")}, .ca_file = authority.ca_file()},
                   clock);
  Callers callers(late, upstream.origin() + "/", 10);
  late.start();
  EXPECT_EQ(callers.told_so("200"), 10U);
}

/// What /metrics would say.
struct Samples final : MetricSink {
  void counter(std::string_view name, std::string_view, double value, const Labels& labels) override {
    values[std::string(name) + (labels.empty() ? "" : " " + labels[0].second)] = value;
  }
  void gauge(std::string_view name, std::string_view, double value, const Labels& labels) override {
    counter(name, "", value, labels);
  }
  void summary(std::string_view, std::string_view, std::uint64_t, double, const Labels&) override {}
  std::map<std::string, double> values;
};

TEST_F(CurlFetcherLoadTest, every_request_is_counted_by_its_outcome) {
  std::atomic<int> status = 0;
  const TlsUpstream upstream(authority, [&](const UpstreamRequest&) { return UpstreamAnswer{.status = status}; });
  const auto samples = [this] {
    Samples out;
    fetcher->report(out);
    return out.values;
  };
  for (const int each : {200, 404, 302, 500, 500, 500, 500, 500}) {
    status = each;
    (void)get(upstream.origin() + "/");
  }
  (void)get(upstream.origin() + "/");
  (void)get("http://localhost/");
  auto taken = samples();
  EXPECT_EQ(taken["propusk_outbound_requests_total answered"], 2);
  EXPECT_EQ(taken["propusk_outbound_requests_total redirected"], 1);
  EXPECT_EQ(taken["propusk_outbound_requests_total server_error"], 5);
  EXPECT_EQ(taken["propusk_outbound_requests_total circuit_open"], 1);
  EXPECT_EQ(taken["propusk_outbound_requests_total unreachable"], 1);
  EXPECT_EQ(taken["propusk_outbound_open_circuits"], 1);

  const TlsUpstream silent(authority,
                           [](const UpstreamRequest&) { return UpstreamAnswer{.delay = std::chrono::hours{1}}; });
  Callers callers(*fetcher, silent.origin() + "/", 3);
  while (silent.requests() < 3) std::this_thread::yield();
  EXPECT_EQ(samples()["propusk_outbound_in_flight"], 3);
  fetcher->stop();
}

}  // namespace
}  // namespace propusk::platform
