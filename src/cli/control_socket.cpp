// The server's side of the control socket.
#include "cli/control_socket.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <unordered_set>

#include "base/outage.hpp"
#include "cli/control_frame.hpp"
#include "cli/operations.hpp"

namespace propusk::cli {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
/// Expected ends of I/O come back as values (STYLE.md §7).
constexpr auto as_value = asio::as_tuple(asio::use_awaitable_t<Executor>{});

/// The peer's uid as the kernel saw it at connect(); nothing if the kernel does not say.
std::optional<uid_t> peer_uid(Socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

/// Binds beside the final name and renames: nobody meets the socket with another mode or before it listens.
Acceptor listen_at(asio::io_context& context, const std::filesystem::path& path) {
  const std::string fresh = path.string() + ".new";
  try {
    ::unlink(fresh.c_str());
    Acceptor acceptor(context.get_executor(), Protocol{});
    acceptor.bind(Protocol::endpoint(fresh));
    std::filesystem::permissions(fresh, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    acceptor.listen();
    std::filesystem::rename(fresh, path);
    return acceptor;
  } catch (const std::exception& error) {
    // sun_path holds 108 bytes with its NUL (unix(7)); Asio then says only "File name too long".
    throw Outage("control socket",
                 fmt::format("{}: {}; a path of at most 103 bytes in a directory of your own is needed", path.string(),
                             error.what()));
  }
}

/// One connection: its socket, and the one deadline it is under.
struct Connection {
  explicit Connection(Socket accepted) : socket(std::move(accepted)), timer(socket.get_executor()) {}

  /// Closes the socket when `within` has passed, unless it is called again before.
  static void limit(const std::shared_ptr<Connection>& self, std::chrono::milliseconds within) {
    self->timer.expires_after(within);
    self->timer.async_wait([weak = std::weak_ptr(self)](boost::system::error_code error) {
      if (const auto connection = weak.lock(); connection && !error) connection->close();
    });
  }
  void close() {
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  Socket socket;
  Timer timer;
};

/// The body of the request; nothing if the peer is slow, gone, or sends something else.
Task<std::optional<boost::json::object>> read_request(Connection& connection) {
  std::string header(frame_header_size, '\0');
  auto [header_error, header_size] = co_await asio::async_read(connection.socket, asio::buffer(header), as_value);
  const auto size = frame_body_size(header);
  if (header_error || !size) co_return std::nullopt;
  std::string bytes(*size, '\0');
  auto [body_error, body_size] = co_await asio::async_read(connection.socket, asio::buffer(bytes), as_value);
  const Secret<> body(std::move(bytes));
  if (body_error) co_return std::nullopt;
  auto request = parse_frame_body(body.reveal());
  if (!request) co_return std::nullopt;
  co_return std::move(*request);
}

}  // namespace

struct ControlSocket::Inside : std::enable_shared_from_this<Inside> {
  Inside(asio::io_context& context, ControlSettings wanted, ControlHandler handle, ControlRefusal refuse)
      : settings(std::move(wanted)),
        handler(std::move(handle)),
        refusal(std::move(refuse)),
        acceptor(listen_at(context, settings.path)) {}

  static Task<void> accept(std::shared_ptr<Inside> self) {
    while (self->acceptor.is_open()) {
      auto [error, socket] = co_await self->acceptor.async_accept(as_value);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        // Out of descriptors, most likely: the backlog waits with us.
        Timer pause(self->acceptor.get_executor(), std::chrono::milliseconds{100});
        co_await pause.async_wait(as_value);
        continue;
      }
      self->admit(Socket(std::move(socket)));
    }
  }

  void admit(Socket socket) {
    const auto uid = peer_uid(socket);
    if (!uid || (*uid != ::geteuid() && *uid != 0))
      return refusal(fmt::format("control socket: uid {} is neither root nor the server's own",
                                 uid ? std::to_string(*uid) : "unknown"));
    if (open.size() >= settings.connections)
      return refusal(fmt::format("control socket: {} connections are open already", open.size()));
    auto connection = std::make_shared<Connection>(std::move(socket));
    open.insert(connection);
    Connection::limit(connection, settings.request_deadline);
    asio::co_spawn(acceptor.get_executor(), serve(shared_from_this(), connection, *uid), asio::detached);
  }

  static Task<void> serve(std::shared_ptr<Inside> self, std::shared_ptr<Connection> connection, uid_t uid) {
    auto request = co_await read_request(*connection);
    if (request) {
      Connection::limit(connection, self->settings.answer_deadline);
      const auto answer = co_await self->handler(std::move(*request), uid);
      co_await write_answer(*connection, answer);
    } else {
      self->refusal(fmt::format("control socket: uid {} sent no request in time, or something else", uid));
    }
    connection->timer.cancel();
    connection->close();
    self->open.erase(connection);
  }

  static Task<void> write_answer(Connection& connection, const boost::json::object& answer) {
    auto frame = make_frame(answer);
    if (!frame) frame = make_frame(failure_answer("outage", "the answer is too long; ask for less at once"));
    co_await asio::async_write(connection.socket, asio::buffer(frame->reveal()), as_value);
  }

  ControlSettings settings;
  ControlHandler handler;
  ControlRefusal refusal;
  Acceptor acceptor;
  std::unordered_set<std::shared_ptr<Connection>> open;
};

ControlSocket::ControlSocket(asio::io_context& context, ControlSettings settings, ControlHandler handler,
                             ControlRefusal refusal)
    : inside_(std::make_shared<Inside>(context, std::move(settings), std::move(handler), std::move(refusal))) {
  asio::co_spawn(context, Inside::accept(inside_), asio::detached);
}

ControlSocket::~ControlSocket() {
  boost::system::error_code ignored;
  inside_->acceptor.close(ignored);
  ::unlink(inside_->settings.path.c_str());
  for (const auto& connection : inside_->open) {
    connection->timer.cancel();
    connection->close();
  }
}

}  // namespace propusk::cli
