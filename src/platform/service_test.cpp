// systemd's protocol, spoken with a socket of the test in systemd's place.
#include "platform/service.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace propusk::platform {
namespace {
using namespace std::chrono_literals;

/// Receives notifications on an abstract socket, which needs no file.
class NotifySocket {
 public:
  NotifySocket() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "propusk-notify-test-" + std::to_string(getpid());
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    bind(socket_, reinterpret_cast<sockaddr*>(&address),
         static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size()));
    setenv("NOTIFY_SOCKET", ('@' + name).c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }
  std::string next() {
    std::array<char, 256> text{};
    const ssize_t got = recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }

 private:
  int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(Service, systemd_is_told_of_every_change) {
  NotifySocket systemd;

  notify_ready();
  notify_reloading();
  notify_watchdog();
  notify_stopping();

  EXPECT_EQ(systemd.next(), "READY=1");
  EXPECT_TRUE(systemd.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(systemd.next(), "WATCHDOG=1");
  EXPECT_EQ(systemd.next(), "STOPPING=1");
  EXPECT_EQ(systemd.next(), "");
}

TEST(Service, without_systemd_nothing_happens) {
  unsetenv("NOTIFY_SOCKET");
  notify_ready();
  notify_stopping();
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  EXPECT_TRUE(inherited_sockets().empty());
}

TEST(Service, the_watchdog_is_fed_twice_as_often_as_it_bites) {
  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(watchdog_interval(), 15s);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  unsetenv("WATCHDOG_USEC");
  unsetenv("WATCHDOG_PID");
}

/// In a child, because socket activation hands over the descriptors from 3 on.
[[noreturn]] void take_sockets_in_child() {
  const int listener = socket(AF_INET6, SOCK_STREAM, 0), unbound = socket(AF_INET, SOCK_STREAM, 0);
  listen(listener, 1);
  dup2(listener, 3);
  dup2(unbound, 4);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDS", "2", 1);
  setenv("LISTEN_FDNAMES", "http:other", 1);

  const auto sockets = inherited_sockets();

  const bool right =
      sockets.size() == 1 && sockets[0].descriptor == 3 && sockets[0].name == "http" && inherited_sockets().empty();
  _exit(right ? 0 : 1);
}

TEST(Service, listening_sockets_are_inherited_once_and_with_their_names) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(take_sockets_in_child(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace propusk::platform
