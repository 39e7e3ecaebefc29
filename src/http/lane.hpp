// Service: what all I/O threads have in common. Lane: what one of them keeps for its own connections.
#pragma once
#include <atomic>
#include <boost/intrusive/list.hpp>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "http/admission.hpp"
#include "http/counters.hpp"
#include "http/exchange.hpp"
#include "http/http_date.hpp"
#include "http/server.hpp"
#include "http/timer_wheel.hpp"
#include "http/tls.hpp"

namespace propusk::http {

/// Constant while the threads run, but for the parts that say so.
struct Service {
  Service(ServerSettings its_settings, Router its_router, const Clock& its_clock, ServerObserver& its_observer)
      : settings(std::move(its_settings)), router(std::move(its_router)), clock(its_clock), observer(its_observer) {}

  const ServerSettings settings;
  const Router router;
  const Clock& clock;
  ServerObserver& observer;
  TlsSlot tls;                                      ///< thread-safe
  std::atomic<bool> is_draining = false;            ///< read for every answer, set once
  std::atomic<std::int64_t> told_of_forwarded{-1};  ///< the minute in which the observer was told last

  alignas(64) std::atomic<std::size_t> open_connections = 0;  ///< changes per connection: apart from what requests read
  ConnectionCensus census;
  std::mutex drained_mutex;
  std::condition_variable drained;  ///< a connection has closed during a drain
};

/// An open connection as its lane knows it.
class OpenConnection : public TimerWheel::Timer, public boost::intrusive::list_base_hook<> {
 public:
  /// The server drains: an idle connection gets its last deadline.
  virtual void drain() = 0;
  /// Cuts the connection at once.
  virtual void abort() = 0;
};

/// Used by its own thread alone, but for the counters.
struct Lane {
  explicit Lane(Service& its_service)
      : service(its_service),
        counters(its_service.router.routes().size()),
        date(its_service.clock),
        wheel(its_service.clock.monotonic()) {}

  Service& service;
  LaneCounters counters;
  DateLine date;
  ExchangePool exchanges;
  TimerWheel wheel;
  boost::intrusive::list<OpenConnection, boost::intrusive::constant_time_size<false>> connections;
};

}  // namespace propusk::http
