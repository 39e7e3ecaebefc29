// Fetching: a running fetcher for tests, the upstreams that it trusts, and what operators are told.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fake_clock.hpp"
#include "platform/outbound/curl_fetcher.hpp"
#include "tests/support/test_authority.hpp"
#include "tests/support/tls_upstream.hpp"

namespace propusk::platform::testing {
using propusk::testing::Afterwards;
using propusk::testing::FakeClock;
using propusk::testing::TemporaryDirectory;
using propusk::testing::TestAuthority;
using propusk::testing::TlsUpstream;
using propusk::testing::UpstreamAnswer;
using propusk::testing::UpstreamRequest;
using propusk::testing::UpstreamSettings;
using FetchOutcome = std::expected<providers::Fetched, providers::FetchFailure>;

inline Task<void> fetch_into(FetchOutcome& outcome, providers::Fetcher& fetcher, providers::FetchRequest request,
                             Deadline deadline) {
  outcome = co_await fetcher.fetch(std::move(request), deadline);
}

/// The status, or the name of the failure.
inline std::string told(const FetchOutcome& outcome) {
  return outcome ? std::to_string(outcome->status) : std::string(providers::fetch_failure_name(outcome.error()));
}

/// Trusts `authority`. `is_at_home`: loopback may be asked, where the upstreams of tests are.
class Fetching {
 public:
  explicit Fetching(FetcherSettings settings = {}, bool is_at_home = true) {
    if (settings.ca_file.empty()) settings.ca_file = authority.ca_file();
    if (is_at_home) settings.allowed = {*Network::parse("127.0.0.0/8"), *Network::parse("::1")};
    settings.on_opened = [this](const std::string& host, const std::string& why) {
      note("opened " + host + ": " + why);
    };
    settings.on_closed = [this](const std::string& host) { note("closed " + host); };
    settings.on_forbidden = [this](const std::string& host, const std::string& address) {
      note("forbidden " + host + ": " + address);
    };
    fetcher = std::make_unique<CurlFetcher>(std::move(settings), clock);
    fetcher->start();
  }

  /// Waits for the answer. Throws what the fetcher throws.
  FetchOutcome ask(providers::FetchRequest request, milliseconds patience = seconds{60}) {
    FetchOutcome outcome = std::unexpected(providers::FetchFailure::unreachable);
    boost::asio::co_spawn(
        context_, fetch_into(outcome, *fetcher, std::move(request), std::chrono::steady_clock::now() + patience),
        [](std::exception_ptr thrown) {
          if (thrown) std::rethrow_exception(thrown);
        });
    context_.restart();
    context_.run();
    return outcome;
  }
  FetchOutcome get(std::string url, milliseconds patience = seconds{60}) {
    return ask({.url = std::move(url)}, patience);
  }
  FetchOutcome post(std::string url, std::string form) {
    return ask({.url = std::move(url), .form = Secret<>(std::move(form))});
  }
  /// What operators were told.
  std::vector<std::string> notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  void note(std::string line) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::move(line));
  }
  std::mutex mutex_;
  std::vector<std::string> notes_;
  boost::asio::io_context context_{1};

 public:
  TestAuthority authority;
  FakeClock clock;
  std::unique_ptr<CurlFetcher> fetcher;  // the last: its thread takes notes
};

/// The usual answer to everything.
inline UpstreamAnswer ok(const UpstreamRequest&) { return {.body = "{}"}; }

}  // namespace propusk::platform::testing
