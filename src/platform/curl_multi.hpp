// CurlMulti: transfers of libcurl driven by an io_context: no thread of their own, and nobody blocks.
#pragma once
#include <curl/curl.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace propusk::platform {

using SteadyTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Shares connections and resolved names among its transfers. All of it runs on the one thread that runs `context`.
class CurlMulti {
 public:
  /// Throws Outage when libcurl cannot start. `context` outlives this; a transfer may outlive both.
  explicit CurlMulti(boost::asio::io_context& context);
  [[nodiscard]] Executor executor() const;

 private:
  friend class CurlTransfer;
  struct Loop;
  std::shared_ptr<Loop> loop_;
};

/// One easy handle and its place in the multi handle. While it lives, a connection that it made with
/// CURLOPT_CONNECT_ONLY stays open; its end aborts what runs, without waiting for anybody.
class CurlTransfer {
 public:
  /// Speaks only `protocols` ("smtp,smtps"); verifies certificates; takes no proxy, password file or anything else from
  /// the environment; raises no signals. The rest is set by the caller on handle(). Throws Outage without memory.
  CurlTransfer(CurlMulti& multi, const char* protocols);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_; }
  /// Begins the transfer, anew if there was one.
  void start();
  /// Waits for its end: its result, or nothing once the deadline has passed; the transfer then goes on.
  Task<std::optional<CURLcode>> wait(Deadline deadline);
  /// Starts, waits, and aborts at the deadline: CURLE_OPERATION_TIMEDOUT.
  Task<CURLcode> perform(Deadline deadline);
  /// What libcurl said of the last failure; "" if nothing.
  [[nodiscard]] const char* failure() const { return failure_; }

 private:
  friend struct CurlMulti::Loop;
  void finish(CURLcode result);
  void abort();

  std::shared_ptr<CurlMulti::Loop> loop_;  // before the handle, which leaves it first
  CURL* easy_;
  SteadyTimer waiting_;
  std::optional<CURLcode> result_;
  char failure_[CURL_ERROR_SIZE] = "";
};

}  // namespace propusk::platform
