// CurlFetcher: outbound HTTPS on a thread of its own, so that no provider slows a request that asks none (ADR 0025).
#pragma once
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/client_address.hpp"
#include "base/pending.hpp"
#include "platform/curl_multi.hpp"
#include "platform/metrics.hpp"
#include "platform/outbound/circuit_breaker.hpp"
#include "platform/outbound/connect_queue.hpp"
#include "platform/outbound/https_transfer.hpp"

namespace propusk::platform {

struct FetcherSettings {
  std::vector<Network> allowed{};  ///< special addresses that may be asked all the same (outbound.allowed_networks)
  std::string ca_file{};           ///< outbound.ca_file; "": the system's
  milliseconds patience = providers::fetch_patience;  ///< of one request, however long its caller would wait
  /// Tell operators: of a host whose circuit opened or closed, and once a minute of an address that is never asked.
  /// Called on the thread of the fetcher.
  std::function<void(const std::string& host, const std::string& why)> on_opened = [](auto&&...) {};
  std::function<void(const std::string& host)> on_closed = [](auto&&...) {};
  std::function<void(const std::string& host, const std::string& address)> on_forbidden = [](auto&&...) {};
};

class CurlFetcher final : public providers::Fetcher {
 public:
  static constexpr std::size_t waiting_limit = 2'000;  ///< requests at once: their sockets and answers are memory

  /// Throws Outage, naming outbound.ca_file, if no certificate can be read from it. `clock` outlives it.
  CurlFetcher(FetcherSettings settings, const Clock& clock);
  ~CurlFetcher() override;
  CurlFetcher(const CurlFetcher&) = delete;
  CurlFetcher& operator=(const CurlFetcher&) = delete;
  /// Requests from before only wait.
  void start();
  /// What still runs ends as unreachable.
  void stop();

  Task<std::expected<providers::Fetched, providers::FetchFailure>> fetch(providers::FetchRequest request,
                                                                         Deadline deadline) override;
  void report(MetricSink& sink) const;

 private:
  using Outcome = std::expected<providers::Fetched, providers::FetchFailure>;
  struct Request;
  Task<void> run(std::unique_ptr<Request> request);
  Task<Outcome> ask(const Request& request, const HttpsUrl& url, std::string& why);
  void take(std::unique_ptr<Request> request);
  void settle(const std::string& host, CircuitBreaker::Pass pass, const Outcome& outcome, const std::string& why);
  void tell_of_forbidden(const std::string& host, const std::string& address);
  void count(const Outcome& outcome);

  FetcherSettings settings_;
  const Clock& clock_;
  AddressFilter filter_;
  TransferRules rules_;
  CircuitBreaker breaker_;
  Deadline next_forbidden_{};
  std::atomic<std::size_t> waiting_{0}, open_circuits_{0};
  std::array<std::atomic<std::uint64_t>, 9> counts_{};  ///< answered, server error, then the failures
  std::mutex mutex_;
  bool is_stopped_ = false;
  std::optional<boost::asio::io_context> context_;
  std::optional<boost::asio::executor_work_guard<Executor>> work_;
  std::optional<CurlMulti> multi_;
  std::optional<ConnectQueue> queue_;
  std::thread thread_;
};

}  // namespace propusk::platform
