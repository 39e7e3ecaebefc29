// Plain sockets are written with send() at once; only what the kernel does not take is awaited.
#include "http/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "http/admission.hpp"
#include "http/answer.hpp"
#include "http/conversation.hpp"

namespace propusk::http {

namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using TlsStream = asio::ssl::stream<Socket>;

constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_value{};
constexpr auto closing_deadline = 2s;  // nginx waits 5 s between reads of a lingering close; we wait in all
constexpr std::size_t lingering_bytes = 1024 * 1024;  // a client that sends more than this after its refusal is cut

Peer peer_of(const Socket& socket, bool is_tls) {
  boost::system::error_code error;
  const auto address = socket.remote_endpoint(error).address();
  Peer peer{{}, is_tls};
  if (!error) {
    const auto bytes =
        address.is_v6() ? address.to_v6().to_bytes() : make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
    std::ranges::copy(bytes, peer.address.bytes.begin());
  }
  return peer;
}

template <class Stream>
class Connection final : public OpenConnection {
 public:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  Connection(Lane& lane, Admission admission, Stream stream)
      : lane_(lane),
        admission_(std::move(admission)),
        stream_(std::move(stream)),
        conversation_(lane, peer_of(socket(), is_tls), [this] { return has_more_input(); }) {
    lane_.connections.push_back(*this);
    lane_.counters.opened.add();
  }
  ~Connection() override;

  Task<void> run();
  void drain() override {
    conversation_.drain();
    if (stage_ == Stage::reading) lane_.wheel.arm(*this, conversation_.due());
  }
  void abort() override {
    boost::system::error_code ignored;
    socket().close(ignored);
  }

 private:
  enum class Stage : std::uint8_t { reading, waiting, writing };

  Socket& socket() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }
  void expired() override;
  bool has_more_input();
  bool send_at_once();
  bool looks_once_more();
  Task<bool> send_rest();
  Task<bool> shake_hands();
  Task<void> say_goodbye();
  void arm(Stage stage, Deadline due) {
    stage_ = stage;
    lane_.wheel.arm(*this, due);
  }
  Deadline in(std::chrono::steady_clock::duration time) const { return lane_.service.clock.monotonic() + time; }

  Lane& lane_;
  const Admission admission_;
  Stream stream_;
  Conversation conversation_;
  Stage stage_ = Stage::reading;
  bool is_late_ = false;
};

template <class Stream>
Connection<Stream>::~Connection() {
  lane_.connections.erase(lane_.connections.iterator_to(*this));
  lane_.counters.closed.add();
}

template <class Stream>
void Connection<Stream>::expired() {
  if (stage_ == Stage::waiting) return;
  if (stage_ == Stage::writing) return abort();
  is_late_ = true;
  boost::system::error_code ignored;
  socket().cancel(ignored);
  lane_.wheel.arm(*this, in(1s));  // again, if the coroutine was just between two reads
}

template <class Stream>
bool Connection<Stream>::has_more_input() {
  boost::system::error_code error;
  if (socket().available(error) > 0 && !error) return true;
  if constexpr (is_tls) return SSL_pending(stream_.native_handle()) > 0;
  return false;
}

/// True if nothing is left to send.
template <class Stream>
bool Connection<Stream>::send_at_once() {
  if (!conversation_.has_answers()) return true;
  if constexpr (!is_tls) {
    std::string& out = conversation_.answers();
    const auto sent = ::send(stream_.native_handle(), out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == static_cast<ssize_t>(out.size())) {
      out.clear();
      return true;
    }
    if (sent > 0) out.erase(0, static_cast<std::size_t>(sent));
  }
  return false;
}

template <class Stream>
Task<bool> Connection<Stream>::send_rest() {
  arm(Stage::writing, in(lane_.service.settings.body_deadline));
  const auto [error, sent] = co_await asio::async_write(stream_, asio::buffer(conversation_.answers()), as_value);
  conversation_.answers().clear();
  co_return !error;
}

/// A request may have come between the deadline of an idle connection and the cancelled read.
template <class Stream>
bool Connection<Stream>::looks_once_more() {
  if constexpr (is_tls) {
    return false;
  } else {
    const auto room = conversation_.room();
    const auto count =
        conversation_.is_idle() ? ::recv(stream_.native_handle(), room.data(), room.size(), MSG_DONTWAIT) : 0;
    if (count > 0) conversation_.received(static_cast<std::size_t>(count));
    return count > 0;
  }
}

template <class Stream>
Task<bool> Connection<Stream>::shake_hands() {
  if constexpr (is_tls) {
    arm(Stage::writing, in(lane_.service.settings.header_deadline));
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, as_value);
    co_return !error;
  }
  co_return true;
}

template <class Stream>
Task<void> Connection<Stream>::say_goodbye() {
  arm(Stage::writing, in(closing_deadline));
  boost::system::error_code ignored;
  if constexpr (is_tls) {
    co_await stream_.async_shutdown(as_value);
  }
  socket().shutdown(Socket::shutdown_send, ignored);
  std::array<char, 2048> thrown_away;
  for (std::size_t total = 0; conversation_.leaves_input() && total < lingering_bytes;) {
    const auto [error, count] = co_await socket().async_read_some(asio::buffer(thrown_away), as_value);
    if (error) break;
    total += count;
  }
}

template <class Stream>
Task<void> Connection<Stream>::run() {
  if constexpr (is_tls) {
    if (!co_await shake_hands()) co_return;
  }
  for (;;) {
    const Conversation::Step step = conversation_.advance();
    if (!send_at_once() && !co_await send_rest()) co_return;
    if (step == Conversation::Step::close) break;
    if (step == Conversation::Step::wait) {
      arm(Stage::waiting, Deadline::max());
      co_await conversation_.run_waiting();
      continue;
    }
    if (step == Conversation::Step::send) continue;
    conversation_.rest();
    arm(Stage::reading, conversation_.due());
    const auto room = conversation_.room();
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), as_value);
    if (!error) {
      conversation_.received(count);
    } else if (error != asio::error::operation_aborted || !is_late_) {
      co_return;
    } else if (!looks_once_more()) {
      const bool was_idle = conversation_.is_idle();
      conversation_.cut();
      if (was_idle) break;
    }
    is_late_ = false;
  }
  co_await say_goodbye();
}

template <class Stream>
Task<void> run(std::unique_ptr<Connection<Stream>> connection) {
  co_await connection->run();
}

template <class Stream>
void spawn(Lane& lane, Admission admission, Stream stream) {
  const auto executor = stream.get_executor();
  auto connection = std::make_unique<Connection<Stream>>(lane, std::move(admission), std::move(stream));
  asio::co_spawn(executor, run(std::move(connection)), asio::detached);
}

void refuse(Lane& lane, Socket& socket) {
  lane.counters.refused.add();
  boost::system::error_code ignored;
  if (!lane.service.settings.tls) {
    Reply reply;
    std::string out;
    write_plain(reply, 503);
    append_answer(out, reply, {.date_line = lane.date.at(lane.service.clock.monotonic()), .is_kept = false});
    ::send(socket.native_handle(), out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    socket.shutdown(Socket::shutdown_send, ignored);
    std::array<char, 4096> request;  // a request left unread would turn the answer into a reset
    ::recv(socket.native_handle(), request.data(), request.size(), MSG_DONTWAIT);
  }
  socket.close(ignored);
}
}  // namespace

void serve_connection(Lane& lane, Socket socket) {
  Service& service = lane.service;
  auto admission = Admission::of(service, peer_of(socket, false).address);
  if (!admission) return refuse(lane, socket);
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (const auto tls = service.tls.current()) {
    spawn(lane, std::move(*admission), TlsStream(std::move(socket), *tls));
  } else {
    spawn(lane, std::move(*admission), std::move(socket));
  }
}

}  // namespace propusk::http
