// OutboxWorker: delivers what waits in the outbox, on a thread of its own, so that no mail server slows a request.
#pragma once
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "core/outbox/domain_lanes.hpp"
#include "core/outbox/outbox.hpp"
#include "platform/log.hpp"

namespace propusk::cli {

struct OutboxWorkerSettings {
  std::size_t mails = 32;             ///< attempted at once; SMTP servers take tens of connections of one client
  std::chrono::seconds attempt{300};  ///< RFC 5321 §4.5.3.2: minutes; the server's silence has its own limit
};

/// Lives on one io_context, whose thread alone touches it; figures() from any thread.
class OutboxWorker {
 public:
  OutboxWorker(core::OutboxDeps deps, core::Mailer& mailer, platform::Log& log, OutboxWorkerSettings settings = {});

  /// Spawns the loop, which ends when `context` is stopped or after stop().
  void start(boost::asio::io_context& context);
  /// Claims nothing any more and returns when the last attempt is over or `deadline` has passed; what is still open
  /// stays leased and is tried again.
  Task<void> stop(Deadline deadline);

  struct Figures {
    std::uint64_t accepted = 0, refused = 0, delayed = 0, unreachable = 0;  ///< attempts since the start
    std::int64_t queued = 0, due = 0, dead = 0;                             ///< rows at the last look
  };
  [[nodiscard]] Figures figures() const;

 private:
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  Task<void> take_over();
  Task<void> run();
  Task<bool> turn();
  Task<void> attempt(core::Dispatch dispatch);
  void count(core::Delivery::Outcome outcome);
  Task<void> look_at_depth();
  Task<void> rest(microseconds pause);

  core::OutboxDeps deps_;
  core::Mailer& mailer_;
  platform::Log& log_;
  const OutboxWorkerSettings settings_;
  boost::asio::io_context* context_ = nullptr;
  core::DomainLanes lanes_;
  std::string stopped_at_;
  bool is_stopping_ = false;
  std::optional<Timer> resting_;  ///< cancelled when an attempt ends
  Deadline next_look_{};
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delayed_{0}, unreachable_{0};
  std::atomic<std::int64_t> queued_{0}, due_{0}, dead_{0};
};

}  // namespace propusk::cli
