// Signals are taken one by one on the main thread, so nothing runs in a signal handler.
#include "cli/serve.hpp"

#include <csignal>
#include <ctime>

#include "base/outage.hpp"
#include "cli/application.hpp"
#include "cli/command.hpp"
#include "platform/os_random.hpp"
#include "platform/resource_limits.hpp"
#include "platform/service.hpp"
#include "platform/system_clock.hpp"

namespace propusk::cli {
namespace {
/// The signals that serve() waits for; blocked before any thread starts, so that every thread inherits it.
sigset_t block_signals() {
  std::signal(SIGPIPE, SIG_IGN);  // a client that left is an error of send()
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write(): a full disk, not a death
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, signal);
  pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
  return awaited;
}

/// The next awaited signal, or 0 after a second without one.
int next_signal(const sigset_t& awaited) {
  constexpr timespec patience{.tv_sec = 1,
                              .tv_nsec = 0};  // how soon a broken disk is noticed; well within a WatchdogSec
  const int signal = sigtimedwait(&awaited, nullptr, &patience);
  return signal > 0 ? signal : 0;
}
}  // namespace

int serve(const ServeOptions& options, std::ostream& err) {
  const sigset_t awaited = block_signals();
  platform::raise_open_file_limit();
  platform::forbid_core_dumps();
  const platform::SystemClock clock;
  platform::OsRandom random;
  try {
    Application application(
        options.configuration.settings, options.data_directory,
        {.clock = clock, .random = random, .inherited_socket = options.inherited_socket, .is_dev = options.dev});
    application.start();
    platform::notify_ready();
    bool is_broken = false;
    for (int signal = 0; signal != SIGTERM && signal != SIGINT && !is_broken;) {
      signal = next_signal(awaited);
      platform::notify_watchdog();
      is_broken = application.is_broken();
      if (signal == SIGHUP) {
        platform::notify_reloading();
        application.reload();
        platform::notify_ready();
      }
    }
    platform::notify_stopping();
    const bool finished = application.stop();
    if (!is_broken) return finished ? ExitCode::done : ExitCode::refused;
    err << "propusk: the disk failed to store a write; nothing was acknowledged since. Check the disk, then start "
           "again\n";
    return ExitCode::unreachable;
  } catch (const Outage& outage) {
    err << "propusk: " << outage.what() << '\n';
    return ExitCode::unreachable;
  }
}

}  // namespace propusk::cli
