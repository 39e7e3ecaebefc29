// IoThread: one event loop with its listener, its connections and its clock tick.
#pragma once
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <thread>

#include "base/task.hpp"
#include "http/lane.hpp"

namespace propusk::http {

using Listener = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

class IoThread {
 public:
  explicit IoThread(Service& service);
  ~IoThread();  ///< stop()
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  /// Before start(): takes over a socket that listens. `is_lent`: its queue outlives us (socket activation).
  void listen(Listener::native_handle_type socket, bool is_v6, bool is_lent);
  void start();
  /// Ends the loop and joins; what waits is destroyed with the object.
  void stop();
  /// Runs `work` on the thread and returns when it is done. Only between start() and stop().
  void run_there(const std::function<void(IoThread&)>& work);

  /// On the thread itself: accepts what is queued, closes the listener and gives idle connections their last deadline.
  void begin_drain();
  /// On the thread itself.
  void abort_all();
  [[nodiscard]] const LaneCounters& counters() const { return lane_.counters; }

 private:
  Task<void> accept();
  void tick();

  Lane lane_;  // first: the connections that the loop still holds when it is destroyed look back at it
  boost::asio::io_context loop_;
  Listener listener_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    Executor>
      ticker_, pause_;
  bool is_lent_ = false;
  std::thread thread_;
};

}  // namespace propusk::http
