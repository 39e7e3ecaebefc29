// Application: the running server, composed. Reads as the wiring diagram; tests run it with their own time and chance.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "config/settings.hpp"
#include "core/admin/administration.hpp"
#include "providers/fetch.hpp"

namespace propusk::cli {

/// What production takes from the platform and tests replace; outlives the application.
struct Surroundings {
  const Clock& clock;
  Random& random;
  std::optional<int> inherited_socket{};  ///< the public listener, from socket activation
  bool is_dev = false;                    ///< says at start that this is no production
  providers::Fetcher* fetcher = nullptr;  ///< asks providers, instead of HTTPS to the Internet
};

class Application {
 public:
  /// Takes the data directory, opens the store, binds the listeners. Throws Outage with a sentence for the operator.
  Application(const config::Settings& settings, const std::filesystem::path& data_directory, Surroundings surroundings);
  ~Application();  ///< stop()
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t monitoring_port() const;  ///< 0: off
  /// SIGHUP: reopens the log, reads the TLS files again.
  void reload();
  /// SIGTERM: readiness flips, nothing new is accepted, what was accepted is finished. True: in time.
  bool stop();
  /// True once the disk failed to store a write: nothing is acknowledged any more and only a restart helps.
  [[nodiscard]] bool is_broken() const;
  [[nodiscard]] core::AdministrationDeps administration();

  /// Runs a task on the control thread and waits for it. Not from the control thread itself.
  template <class T>
  T wait_for(Task<T> task) {
    return wait_on(control(), std::move(task));
  }

 private:
  template <class T>
  static T wait_on(boost::asio::io_context& context, Task<T> task) {
    std::promise<T> done;
    std::future<T> result = done.get_future();
    boost::asio::co_spawn(context, settle(std::move(task), std::move(done)), [](std::exception_ptr) {});
    return result.get();
  }
  template <class T>
  static Task<void> settle(Task<T> task, std::promise<T> done) {
    try {
      if constexpr (std::is_void_v<T>) {
        co_await std::move(task);
        done.set_value();
      } else {
        done.set_value(co_await std::move(task));
      }
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  }
  boost::asio::io_context& control();
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::cli
