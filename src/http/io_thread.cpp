// Threads are made here and nowhere else in this room: each owns an event loop for the life of the server.
#include "http/io_thread.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "http/connection.hpp"

namespace propusk::http {

namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_value{};
constexpr auto accept_pause = 100ms;  // when the process is out of descriptors: a busy loop would not help
}  // namespace

IoThread::IoThread(Service& service)
    : lane_(service),
      loop_(1),
      listener_(loop_.get_executor()),
      ticker_(loop_.get_executor()),
      pause_(loop_.get_executor()) {}

IoThread::~IoThread() { stop(); }

void IoThread::listen(Listener::native_handle_type socket, bool is_v6, bool is_lent) {
  listener_.assign(is_v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket);
  is_lent_ = is_lent;
}

void IoThread::start() {
  asio::co_spawn(loop_, accept(), asio::detached);
  tick();
  thread_ = std::thread([this] {
    if (lane_.service.settings.on_thread_start) lane_.service.settings.on_thread_start();
    loop_.run();
  });
}

void IoThread::stop() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

void IoThread::run_there(const std::function<void(IoThread&)>& work) {
  std::promise<void> done;
  asio::post(loop_, [&] {
    work(*this);
    done.set_value();
  });
  done.get_future().wait();
}

Task<void> IoThread::accept() {
  while (listener_.is_open()) {
    auto [error, socket] = co_await listener_.async_accept(as_value);
    if (!error) {
      try {
        serve_connection(lane_, std::move(socket));
      } catch (const std::exception&) {  // no memory for this one: the listener goes on
        lane_.counters.refused.add();
      }
    } else if (listener_.is_open()) {
      pause_.expires_after(accept_pause);
      co_await pause_.async_wait(as_value);
    }
  }
}

void IoThread::tick() {
  ticker_.expires_after(TimerWheel::tick);
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    lane_.wheel.advance(lane_.service.clock.monotonic());
    tick();
  });
}

void IoThread::begin_drain() {
  boost::system::error_code error;
  if (!is_lent_) {  // closing the listener would reset the connections in its queue
    listener_.non_blocking(true, error);
    while (!error) {
      Socket socket(loop_.get_executor());
      listener_.accept(socket, error);
      if (!error) serve_connection(lane_, std::move(socket));
    }
  }
  listener_.close(error);
  for (OpenConnection& connection : lane_.connections) connection.drain();
}

void IoThread::abort_all() {
  for (OpenConnection& connection : lane_.connections) connection.abort();
}

}  // namespace propusk::http
