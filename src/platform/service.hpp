// What systemd and we tell each other: readiness, reloads, the watchdog, inherited sockets. Without systemd: nothing.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace propusk::platform {

/// Type=notify (sd_notify(3)). Each is a no-op when no $NOTIFY_SOCKET is set. Thread-safe.
void notify_ready();
void notify_reloading();  ///< follow it with notify_ready()
void notify_stopping();
void notify_watchdog();

/// How often notify_watchdog() must be called: half of WatchdogSec=, as systemd recommends. Nothing: not at all.
std::optional<microseconds> watchdog_interval();

/// A listening stream socket that systemd opened for us.
struct InheritedSocket {
  int descriptor;
  std::string name;     ///< the FileDescriptorName= of its unit
  std::string address;  ///< `127.0.0.1:8080`, `[::1]:8080`; "" for a socket that is not IP
};
/// The inherited sockets, once: the environment is cleaned, so that children do not see them. Other descriptors are
/// left out. Throws Outage if systemd's protocol is broken.
std::vector<InheritedSocket> inherited_sockets();

}  // namespace propusk::platform
