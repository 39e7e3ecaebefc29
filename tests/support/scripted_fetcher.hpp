// ScriptedFetcher: asks nobody: a function answers, under the bounds that the real fetcher has.
#pragma once
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "base/bug.hpp"
#include "providers/fetch.hpp"
#include "tests/support/tls_upstream.hpp"

namespace propusk::testing {

class ScriptedFetcher final : public providers::Fetcher {
 public:
  using Script = std::function<UpstreamAnswer(const UpstreamRequest&)>;
  explicit ScriptedFetcher(Script script) : script_(std::move(script)) {}

  Task<std::expected<providers::Fetched, providers::FetchFailure>> fetch(providers::FetchRequest request,
                                                                         Deadline) override {
    using enum providers::FetchFailure;
    ++requests_;
    const UpstreamRequest read = read_as_sent(request);
    if (failure_) co_return std::unexpected(*failure_);
    UpstreamAnswer answer = script_(read);
    if (answer.delay > providers::fetch_patience) co_return std::unexpected(timed_out);
    if (answer.body.size() > providers::fetch_limit) co_return std::unexpected(too_large);
    if (answer.status / 100 == 3) co_return std::unexpected(redirected);
    co_return providers::Fetched{.status = answer.status, .body = std::move(answer.body)};
  }
  /// How often it was asked.
  [[nodiscard]] std::size_t requests() const { return requests_; }
  /// From now on every request ends so; nothing: it is answered again.
  void fail_with(std::optional<providers::FetchFailure> failure) { failure_ = failure; }

 private:
  static UpstreamRequest read_as_sent(const providers::FetchRequest& request) {
    constexpr std::string_view scheme = "https://";
    require(request.url.starts_with(scheme), "providers are asked by https");
    UpstreamRequest out;
    out.method = request.form ? "POST" : "GET";
    const std::size_t path = request.url.find('/', scheme.size());
    out.target = path == std::string::npos ? "/" : request.url.substr(path);
    out.headers.emplace_back("User-Agent", "propusk");
    for (const auto& [name, value] : request.headers) out.headers.emplace_back(name, value.reveal());
    if (request.form) out.body = request.form->reveal();
    return out;
  }

  Script script_;
  std::atomic<std::size_t> requests_ = 0;
  std::optional<providers::FetchFailure> failure_;
};

/// Awaits into `result`, which outlives it.
template <class T>
Task<void> put_result(Task<T> task, std::optional<T>& result) {
  result = co_await std::move(task);
}

/// What a task comes to, on an io_context of its own. Throws what the task throws.
template <class T>
T result_of(Task<T> task) {
  boost::asio::io_context context(1);
  std::optional<T> result;
  boost::asio::co_spawn(context, put_result(std::move(task), result), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
  require(result.has_value(), "the task has ended");
  return std::move(*result);
}

}  // namespace propusk::testing
