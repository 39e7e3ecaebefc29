// Asio and Beast on a thread of its own; what misbehaves is written to the stream as it is.
#include "tests/support/tls_upstream.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <future>
#include <set>
#include <thread>

#include "base/task.hpp"

namespace propusk::testing {
namespace {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Stream = asio::ssl::stream<Socket>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_value{};

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      out += text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

std::string field_of(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const std::string_view field = form.substr(0, form.find('&'));
    const std::size_t equals = std::min(field.find('='), field.size());
    if (decoded(field.substr(0, equals)) == name) return decoded(field.substr(std::min(equals + 1, field.size())));
    form.remove_prefix(std::min(field.size() + 1, form.size()));
  }
  return "";
}

std::string written(const UpstreamAnswer& answer) {
  if (answer.raw) return *answer.raw;
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\n";
  for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
}

asio::ssl::context context_of(const CertifiedKey& identity, int highest_tls) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain(asio::buffer(identity.certificate));
  context.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
  if (highest_tls != 0) {
    SSL_CTX_set_security_level(context.native_handle(), 0);  // old versions are offered only so
    SSL_CTX_set_min_proto_version(context.native_handle(), 0);
    SSL_CTX_set_max_proto_version(context.native_handle(), highest_tls);
  }
  return context;
}
}  // namespace

std::string UpstreamRequest::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [name](const auto& each) {
    return std::ranges::equal(each.first, name,
                              [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  });
  return found == headers.end() ? "" : found->second;
}
std::string UpstreamRequest::path() const { return target.substr(0, target.find('?')); }
std::string UpstreamRequest::query(std::string_view name) const {
  const std::size_t mark = target.find('?');
  return mark == std::string::npos ? "" : field_of(std::string_view(target).substr(mark + 1), name);
}
std::string UpstreamRequest::form(std::string_view name) const { return field_of(body, name); }

UpstreamAnswer json_answer(std::string body, int status) {
  return {.status = status, .body = std::move(body), .headers = {{"Content-Type", "application/json"}}};
}

struct TlsUpstream::Inside {
  Inside(const TestAuthority& authority, Handler given, UpstreamSettings wanted)
      : settings(std::move(wanted)),
        handler(std::move(given)),
        tls(context_of(settings.certified_key.value_or(authority.issue(settings.names)), settings.highest_tls)),
        acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        all_have_come(io.get_executor(), Timer::time_point::max()) {
    acceptor.listen(4'096);
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread([this] { io.run(); });
  }
  ~Inside() {
    io.stop();
    thread.join();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  /// A connection while it is open, for those who count and close.
  struct Open {
    Open(Inside& inside, Socket& socket) : inside(inside), socket(socket) {
      inside.open.insert(&socket);
      inside.most_at_once = std::max<std::size_t>(inside.most_at_once, inside.open.size());
    }
    ~Open() { inside.open.erase(&socket); }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    Inside& inside;
    Socket& socket;
  };

  Task<void> accept() {
    while (true) {
      auto [error, socket] = co_await acceptor.async_accept(as_value);
      if (error) continue;
      ++connections;
      if (settings.greeting.empty())
        asio::co_spawn(io, serve(Stream(std::move(socket), tls)), asio::detached);
      else
        asio::co_spawn(io, greet(std::move(socket)), asio::detached);
    }
  }

  Task<void> greet(Socket socket) {
    const Open opened(*this, socket);
    co_await asio::async_write(socket, asio::buffer(settings.greeting), as_value);
    std::array<char, 1024> ignored{};
    co_await socket.async_read_some(asio::buffer(ignored), as_value);
  }

  Task<void> serve(Stream stream) {
    const Open opened(*this, stream.next_layer());
    auto [failed] = co_await stream.async_handshake(Stream::server, as_value);
    if (failed) co_return;
    boost::beast::flat_buffer buffer;
    while (true) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(boost::none);
      auto [error, size] = co_await http::async_read(stream, buffer, parser, as_value);
      if (error) co_return;
      const Afterwards afterwards = co_await answer(stream, parser.get());
      if (afterwards == Afterwards::close) co_return;
      if (afterwards == Afterwards::keep) continue;
      std::array<char, 1024> ignored{};
      co_await stream.async_read_some(asio::buffer(ignored), as_value);
      co_return;
    }
  }

  Task<Afterwards> answer(Stream& stream, const http::request<http::string_body>& message) {
    UpstreamRequest request{.method = std::string(message.method_string()), .target = std::string(message.target())};
    for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
    request.body = message.body();
    const UpstreamAnswer answer = handler(request);
    if (++requests == settings.together) all_have_come.expires_at(Timer::time_point::min());
    if (requests < settings.together) co_await all_have_come.async_wait(as_value);
    if (answer.delay > answer.delay.zero()) {
      Timer timer(io.get_executor(), answer.delay);
      co_await timer.async_wait(as_value);
    }
    const std::string bytes = written(answer);
    auto [error, size] = co_await asio::async_write(stream, asio::buffer(bytes), as_value);
    co_return error ? Afterwards::close : answer.afterwards;
  }

  const UpstreamSettings settings;
  const Handler handler;
  asio::ssl::context tls;  // before the context, whose end takes the connections
  std::set<Socket*> open;
  std::atomic<std::size_t> connections = 0, requests = 0, most_at_once = 0;
  asio::io_context io{1};
  asio::basic_socket_acceptor<Tcp, Executor> acceptor;
  Timer all_have_come;
  std::thread thread;
};

TlsUpstream::TlsUpstream(const TestAuthority& authority, Handler handler, UpstreamSettings settings)
    : inside_(std::make_unique<Inside>(authority, std::move(handler), std::move(settings))) {}
TlsUpstream::~TlsUpstream() = default;

std::uint16_t TlsUpstream::port() const { return inside_->acceptor.local_endpoint().port(); }
std::string TlsUpstream::origin() const { return "https://localhost:" + std::to_string(port()); }
std::size_t TlsUpstream::connections() const { return inside_->connections; }
std::size_t TlsUpstream::requests() const { return inside_->requests; }
std::size_t TlsUpstream::most_at_once() const { return inside_->most_at_once; }

void TlsUpstream::close_idle() {
  std::promise<void> closed;
  asio::post(inside_->io, [this, &closed] {
    boost::system::error_code ignored;
    for (Socket* socket : inside_->open) socket->close(ignored);
    closed.set_value();
  });
  closed.get_future().wait();
}

}  // namespace propusk::testing
