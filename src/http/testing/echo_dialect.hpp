// EchoDialect: handlers that show what the server gave them, and a gate that holds waiting handlers until a test opens
// it.
#pragma once
#include <atomic>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/outage.hpp"
#include "base/pending.hpp"
#include "base/testing/fake_clock.hpp"
#include "http/server.hpp"

namespace propusk::http::testing {

class EchoDialect {
 public:
  Task<void> pass_gate(Deadline deadline) {
    auto pending = std::make_shared<Pending<int>>(co_await this_executor());
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(pending);
      changed_.notify_all();
    }
    co_await pending->wait(deadline);
  }
  void await_waiters(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() >= count; });
  }
  void open_gate() {
    const std::lock_guard lock(mutex_);
    for (const auto& pending : waiting_) pending->complete(1);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Pending<int>>> waiting_;
};

inline Next plain(EchoDialect&, const Request& request, Reply& reply) {
  reply.header("Content-Type", "text/plain").body(request.target);
  return Next::send;
}
inline Next echo(EchoDialect&, const Request& request, Reply& reply) {
  reply.body(request.body);
  return Next::send;
}
inline Next who(EchoDialect&, const Request& request, Reply& reply) {
  reply.body(request.caller.address.to_string() + " " + (request.is_secure ? "secure " : "open ") +
             request.caller.user_agent);
  return Next::send;
}
inline Next ask_to_wait(EchoDialect&, const Request&, Reply& reply) {
  reply.header("X-Plain", "1").body("forgotten");
  return Next::wait;
}
inline Task<void> wait(EchoDialect& dialect, const Request& request, Reply& reply) {
  co_await dialect.pass_gate(request.caller.deadline);
  reply.body("waited for " + std::string(request.target) + std::string(request.body));
}
inline Next break_down(EchoDialect&, const Request& request, Reply&) {
  if (request.query == "bug") throw std::logic_error("we are wrong");
  throw Outage("disk", "gone");
}
inline Task<void> break_down_later(EchoDialect& dialect, const Request& request, Reply& reply) {
  break_down(dialect, request, reply);
  co_return;
}
inline Next leave(EchoDialect&, const Request&, Reply& reply) {
  reply.body("bye").close();
  return Next::send;
}
inline void failed(EchoDialect&, Failure why, const Request&, Reply& reply) {
  reply.status = why == Failure::outage ? 503 : 500;
  reply.body("dialect says sorry");
}

inline constexpr Route<EchoDialect> echo_routes[] = {
    {.method = Method::get, .path = "/plain", .plain = plain},
    {.method = Method::post, .path = "/echo", .body_limit = 1000, .plain = echo},
    {.method = Method::get, .path = "/who", .plain = who},
    {.method = std::nullopt, .path = "/wait", .plain = ask_to_wait, .waiting = wait},
    {.method = Method::get, .path = "/outage", .plain = break_down},
    {.method = Method::get, .path = "/outage-later/{secret}", .waiting = break_down_later},
    {.method = Method::get, .path = "/leave", .plain = leave},
};

class QuietObserver final : public ServerObserver {
 public:
  void outage(std::string_view route, const Request&, std::string_view) override {
    ++outages;
    secrets_told += route.contains("s3cret") ? 1 : 0;
  }
  void bug(std::string_view route, const Request&, std::string_view) override {
    ++bugs;
    secrets_told += route.contains("s3cret") ? 1 : 0;
  }
  void untrusted_forwarded(const ClientAddress&) override { ++forwarded; }
  std::atomic<int> outages = 0, bugs = 0, forwarded = 0;
  std::atomic<int> secrets_told = 0;  ///< routes that hold what stood in a path
};

/// A running server with the routes above.
struct EchoServer {
  explicit EchoServer(ServerSettings settings = {}, bool has_writer = false)
      : server(std::move(settings), routes(has_writer), clock, observer) {
    server.start();
  }
  ~EchoServer() { server.stop(); }
  Router routes(bool has_writer) {
    Router router;
    router.mount(echo_routes, dialect, has_writer ? failed : nullptr);
    return router;
  }

  propusk::testing::FakeClock clock;
  EchoDialect dialect;
  QuietObserver observer;
  Server server;
};

}  // namespace propusk::http::testing
