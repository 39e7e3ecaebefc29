// Binding, and the orders to the I/O threads.
#include "http/server.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/bug.hpp"
#include "base/descriptor.hpp"
#include "base/outage.hpp"
#include "http/io_thread.hpp"

namespace propusk::http {

namespace {
constexpr int backlog = 1024;  // connections that wait for accept; the kernel caps it at somaxconn

struct Place {
  sockaddr_storage address{};
  socklen_t size = 0;
};

[[noreturn]] void cannot_listen(const ServerSettings& settings, const char* why) {
  throw Outage("http", "cannot listen on " + settings.host + ":" + std::to_string(settings.port) + ": " + why);
}

Place resolve(const ServerSettings& settings) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(settings.host.c_str(), std::to_string(settings.port).c_str(), &hints, &found);
  if (failure != 0) cannot_listen(settings, gai_strerror(failure));
  Place place;
  std::memcpy(&place.address, found->ai_addr, found->ai_addrlen);
  place.size = found->ai_addrlen;
  freeaddrinfo(found);
  return place;
}

Descriptor bind_to(const ServerSettings& settings, const Place& place, bool is_one_of_many) {
  Descriptor socket(::socket(place.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (socket.get() < 0) cannot_listen(settings, std::strerror(errno));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (is_one_of_many) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&place.address), place.size) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    cannot_listen(settings, std::strerror(errno));
  }
  return socket;
}

Place place_of(const Descriptor& socket) {
  Place place;
  place.size = sizeof place.address;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&place.address), &place.size) != 0) {
    throw Outage("http", std::string("cannot read the address of the listening socket: ") + std::strerror(errno));
  }
  return place;
}

std::uint16_t port_of(const Place& place) {
  const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&place.address);
  const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&place.address);
  return ntohs(place.address.ss_family == AF_INET6 ? v6->sin6_port : v4->sin_port);
}

/// One listening socket per thread on one port.
std::vector<Descriptor> open_listeners(const ServerSettings& settings) {
  std::vector<Descriptor> sockets;
  if (settings.inherited_socket) {
    for (unsigned i = 0; i < settings.threads; ++i) {
      sockets.emplace_back(::fcntl(*settings.inherited_socket, F_DUPFD_CLOEXEC, 0));
      if (sockets.back().get() < 0)
        throw Outage("http", std::string("cannot use the inherited socket: ") + std::strerror(errno));
    }
    return sockets;
  }
  Place place = resolve(settings);
  // Alone first: with SO_REUSEPORT a second server of the same user would take half of our connections unnoticed.
  {
    const Descriptor probe = bind_to(settings, place, false);
  }
  for (unsigned i = 0; i < settings.threads; ++i) {
    sockets.push_back(bind_to(settings, place, settings.threads > 1));
    place = place_of(sockets.back());
  }
  return sockets;
}
}  // namespace

struct Server::Inside {
  Service service;
  std::vector<std::unique_ptr<IoThread>> threads;
  std::uint16_t port = 0;
  bool is_running = false;

  Inside(ServerSettings settings, Router router, const Clock& clock, ServerObserver& observer)
      : service(std::move(settings), std::move(router), clock, observer) {}

  void run_everywhere(const std::function<void(IoThread&)>& work) {
    for (const auto& thread : threads) thread->run_there(work);
  }
};

Server::Server(ServerSettings settings, Router router, const Clock& clock, ServerObserver& observer) {
  require(settings.threads > 0, "a server has at least one thread");
  inside_ = std::make_unique<Inside>(std::move(settings), std::move(router), clock, observer);
  Service& service = inside_->service;
  if (service.settings.tls) {
    if (const auto problem = service.tls.load(*service.settings.tls)) throw Outage("http", *problem);
  }
  for (Descriptor& socket : open_listeners(service.settings)) {
    const Place place = place_of(socket);
    inside_->port = port_of(place);
    auto& thread = inside_->threads.emplace_back(std::make_unique<IoThread>(service));
    thread->listen(socket.release(), place.address.ss_family == AF_INET6,
                   service.settings.inherited_socket.has_value());
  }
}

Server::~Server() { stop(); }

void Server::start() {
  require(!inside_->is_running, "a server starts once");
  inside_->is_running = true;
  for (const auto& thread : inside_->threads) thread->start();
}

std::uint16_t Server::port() const { return inside_->port; }
const Router& Server::router() const { return inside_->service.router; }

ServerCounters Server::counters() const {
  ServerCounters sum;
  sum.routes.resize(router().routes().size() + 1);
  for (const auto& thread : inside_->threads) thread->counters().add_to(sum);
  return sum;
}

std::optional<std::string> Server::reload_tls() {
  Service& service = inside_->service;
  return service.settings.tls ? service.tls.load(*service.settings.tls) : std::optional<std::string>("TLS is off");
}

bool Server::drain() {
  Service& service = inside_->service;
  if (!inside_->is_running) return true;
  service.is_draining = true;
  inside_->run_everywhere(&IoThread::begin_drain);
  const auto is_empty = [&] { return service.open_connections == 0; };
  {
    std::unique_lock lock(service.drained_mutex);
    if (service.drained.wait_for(lock, service.settings.drain_deadline, is_empty)) return true;
  }
  inside_->run_everywhere(&IoThread::abort_all);
  return false;
}

void Server::stop() {
  inside_->is_running = false;
  for (const auto& thread : inside_->threads) thread->stop();
}

}  // namespace propusk::http
