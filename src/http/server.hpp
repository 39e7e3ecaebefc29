// Server: listeners, I/O threads and their connections. One io_context per thread; a connection never changes thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_address.hpp"
#include "base/clock.hpp"
#include "http/router.hpp"

namespace propusk::http {

/// What a TLS listener needs; PEM files.
struct TlsFiles {
  std::string certificate, key;
};

struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;               ///< 0: any free port, see Server::port()
  std::optional<int> inherited_socket;  ///< a listening socket from socket activation, shared by all threads
  unsigned threads = 1;
  std::optional<TlsFiles> tls;
  std::vector<Network> trusted_proxies;         ///< only these may set X-Forwarded-For and X-Forwarded-Proto
  std::chrono::seconds header_deadline{15};     ///< from the first byte of a request to the end of its headers
  std::chrono::seconds body_deadline{30};       ///< from the end of the headers to the end of the body
  std::chrono::seconds request_deadline{30};    ///< Caller::deadline, from the end of the body
  std::chrono::seconds idle_deadline{75};       ///< keep-alive without a request
  std::chrono::seconds drain_deadline{10};      ///< after drain(), the rest is closed
  std::size_t header_limit = 16 * 1024;         ///< request line and headers
  std::size_t connections = 16'384;             ///< over all threads; more are answered 503 and closed
  std::size_t connections_per_prefix = 16'384;  ///< of one client prefix; loopback and trusted proxies are exempt
  bool refuses_plain_http =
      false;  ///< 403 to every request that came neither over TLS nor through a proxy that says so
  std::function<void()> on_thread_start;  ///< runs first in every I/O thread (its scheduler slice)
};

/// Counters of one route.
struct RouteCounters {
  std::uint64_t answers[6] = {};          ///< by status / 100
  std::uint64_t waited = 0;               ///< answers that a waiting handler gave
  std::uint64_t waited_microseconds = 0;  ///< their time, handler only
};
/// A snapshot, summed over the I/O threads: each counts for itself, so that counting costs no shared cache line.
struct ServerCounters {
  std::vector<RouteCounters> routes;  ///< by MountedRoute::index; the last one: no route
  std::uint64_t connections_opened = 0, connections_closed = 0, connections_refused = 0;
  std::uint64_t bad_requests = 0;         ///< refused by framing, size or syntax
  std::uint64_t deadlines = 0;            ///< connections cut by a deadline in mid-request
  std::uint64_t untrusted_forwarded = 0;  ///< X-Forwarded-For from a peer that is not trusted
  std::uint64_t outages = 0, bugs = 0;
};

/// What the server tells while it runs; called from I/O threads, must be thread-safe and quick.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;
  /// `route` is the row's pattern: a path may hold a secret, so nobody is told it.
  virtual void outage(std::string_view route, const Request& request, std::string_view what) = 0;
  virtual void bug(std::string_view route, const Request& request, std::string_view what) = 0;
  /// At most once a minute.
  virtual void untrusted_forwarded(const ClientAddress& peer) = 0;
};

class Server {
 public:
  /// Binds and listens at once (throws Outage with the address and the reason); serves only after start().
  Server(ServerSettings settings, Router router, const Clock& clock, ServerObserver& observer);
  ~Server();  ///< stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts the I/O threads.
  void start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] ServerCounters counters() const;
  [[nodiscard]] const Router& router() const;
  /// Reads the TLS files again for new connections; false (with the reason) keeps the old ones.
  std::optional<std::string> reload_tls();
  /// Stops accepting, finishes what is in flight or queued (with `Connection: close`), gives idle connections a second
  /// for a request that is under way and closes them; returns when all are closed or the drain deadline has passed.
  /// True: all finished by themselves.
  bool drain();
  /// Ends at once: joins the threads, whatever still waits. Idempotent. Workers that complete the Pendings of waiting
  /// handlers must be stopped before the server is destroyed.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::http
