// From the I/O thread that asks to the one that talks, and back.
#include "platform/outbound/curl_fetcher.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/bug.hpp"
#include "base/outage.hpp"
#include "platform/jose/owned.hpp"
#include "platform/scheduling.hpp"

namespace propusk::platform {
namespace {
using providers::FetchFailure;
constexpr std::size_t answered = 0, server_error = 1, first_failure = 2;

bool is_server_error(const providers::Fetched& fetched) { return fetched.status >= 500; }

/// What tells of the host rather than of the request.
bool has_failed(const std::expected<providers::Fetched, FetchFailure>& outcome) {
  if (outcome) return is_server_error(*outcome);
  return outcome.error() == FetchFailure::unreachable || outcome.error() == FetchFailure::timed_out;
}

/// libcurl would find out at the first request; the operator should at the start.
void check_certificates(const std::string& file) {
  if (file.empty()) return;
  const Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  if (store && X509_STORE_load_file(store.get(), file.c_str()) == 1) return;
  ERR_clear_error();
  throw Outage("outbound.ca_file", "no PEM certificate can be read from " + file);
}
}  // namespace

/// Lives until it is answered; answers unreachable if it is dropped.
struct CurlFetcher::Request {
  Request(CurlFetcher& fetcher, providers::FetchRequest request, Deadline deadline,
          std::shared_ptr<Pending<Outcome>> waiter)
      : fetcher(fetcher), request(std::move(request)), deadline(deadline), waiter(std::move(waiter)) {
    is_beyond = fetcher.waiting_.fetch_add(1) >= waiting_limit;
  }
  ~Request() {
    if (waiter) answer(std::unexpected(FetchFailure::unreachable));
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  void answer(Outcome outcome) {
    fetcher.count(outcome);
    --fetcher.waiting_;  // first: whoever has the answer may look at once
    std::exchange(waiter, nullptr)->complete(std::move(outcome));
  }

  CurlFetcher& fetcher;
  providers::FetchRequest request;
  Deadline deadline;
  std::shared_ptr<Pending<Outcome>> waiter;
  bool is_beyond = false;
};

CurlFetcher::CurlFetcher(FetcherSettings settings, const Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      filter_{settings_.allowed},
      rules_{.filter = filter_, .ca_file = settings_.ca_file},
      breaker_(clock) {
  check_certificates(settings_.ca_file);
  context_.emplace(1);
  work_.emplace(context_->get_executor());
  multi_.emplace(*context_);
  queue_.emplace(context_->get_executor());
}
CurlFetcher::~CurlFetcher() { stop(); }

void CurlFetcher::start() {
  thread_ = std::thread([this] {
    name_thread("outbound");
    context_->run();
  });
}

void CurlFetcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  if (!context_) return;
  work_.reset();
  context_->stop();
  if (thread_.joinable()) thread_.join();
  // What still runs goes with the context, while all that it touches is there.
  multi_.reset();
  context_.reset();
  queue_.reset();
}

Task<CurlFetcher::Outcome> CurlFetcher::fetch(providers::FetchRequest request, Deadline deadline) {
  require(is_sendable(request), "a header of an outbound request is one line");
  const Deadline until = std::min<Deadline>(deadline, std::chrono::steady_clock::now() + settings_.patience);
  auto waiter = std::make_shared<Pending<Outcome>>(co_await boost::asio::this_coro::executor);
  auto waiting = std::make_unique<Request>(*this, std::move(request), until, waiter);
  if (waiting->is_beyond)
    waiting->answer(std::unexpected(FetchFailure::overloaded));
  else
    take(std::move(waiting));
  std::optional<Outcome> outcome = co_await waiter->wait(deadline);
  co_return outcome ? std::move(*outcome) : Outcome(std::unexpected(FetchFailure::timed_out));
}

void CurlFetcher::take(std::unique_ptr<Request> request) {
  const std::lock_guard lock(mutex_);
  if (!is_stopped_) boost::asio::co_spawn(*context_, run(std::move(request)), boost::asio::detached);
}

Task<void> CurlFetcher::run(std::unique_ptr<Request> request) {
  const std::optional<HttpsUrl> url = HttpsUrl::parse(request->request.url);
  if (!url) co_return request->answer(std::unexpected(FetchFailure::unreachable));
  const auto pass = breaker_.admit(url->host_port);
  if (!pass) co_return request->answer(std::unexpected(FetchFailure::circuit_open));
  std::string why;
  Outcome outcome = co_await ask(*request, *url, why);
  settle(url->host_port, *pass, outcome, why);
  request->answer(std::move(outcome));
}

Task<CurlFetcher::Outcome> CurlFetcher::ask(const Request& request, const HttpsUrl& url, std::string& why) {
  try {
    std::optional<ConnectQueue::Turn> turn = co_await queue_->enter(url.host_port, request.deadline);
    if (!turn) {
      why = "too many connections are being made";
      co_return std::unexpected(FetchFailure::timed_out);
    }
    HttpsTransfer transfer(*multi_, rules_, url, request.request);
    Outcome outcome = co_await transfer.perform(request.deadline, std::move(*turn));
    why = transfer.reason(outcome);
    co_return outcome;
  } catch (const Outage& outage) {
    why = outage.what();
    co_return std::unexpected(FetchFailure::unreachable);
  }
}

void CurlFetcher::settle(const std::string& host, CircuitBreaker::Pass pass, const Outcome& outcome,
                         const std::string& why) {
  breaker_.settle(host, pass, has_failed(outcome));
  const std::size_t before = open_circuits_.exchange(breaker_.open());
  if (breaker_.open() > before)
    settings_.on_opened(host, outcome ? "it answers " + std::to_string(outcome->status) : why);
  if (breaker_.open() < before) settings_.on_closed(host);
  if (!outcome && outcome.error() == FetchFailure::forbidden_address) tell_of_forbidden(host, why);
}

void CurlFetcher::tell_of_forbidden(const std::string& host, const std::string& address) {
  const Deadline now = clock_.monotonic();
  if (now < next_forbidden_) return;
  next_forbidden_ = now + std::chrono::minutes{1};
  settings_.on_forbidden(host, address);
}

void CurlFetcher::count(const Outcome& outcome) {
  const std::size_t index = outcome ? (is_server_error(*outcome) ? server_error : answered)
                                    : first_failure + static_cast<std::size_t>(outcome.error());
  counts_.at(index).fetch_add(1, std::memory_order_relaxed);
}

void CurlFetcher::report(MetricSink& sink) const {
  const auto tell = [&](std::string_view outcome, std::size_t index) {
    sink.counter("propusk_outbound_requests_total", "Requests to providers by outcome.",
                 static_cast<double>(counts_.at(index)), {{"outcome", std::string(outcome)}});
  };
  tell("answered", answered);
  tell("server_error", server_error);
  for (std::size_t failure = 0; failure + first_failure < counts_.size(); ++failure)
    tell(providers::fetch_failure_name(static_cast<FetchFailure>(failure)), first_failure + failure);
  sink.gauge("propusk_outbound_in_flight", "Requests to providers that wait for their answer.",
             static_cast<double>(waiting_));
  sink.gauge("propusk_outbound_open_circuits", "Hosts of providers that are left alone because they keep failing.",
             static_cast<double>(open_circuits_));
}

}  // namespace propusk::platform
