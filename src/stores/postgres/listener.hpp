// Listener: hears what other nodes ended, and knows until when it has heard everything (DESIGN.md §5).
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "core/sessions/effects.hpp"
#include "stores/open.hpp"
#include "stores/postgres/connection.hpp"

namespace propusk::postgres {

/// Every 250 ms it sends a beat to itself through the queue of NOTIFY, which delivers in commit order: once the echo is
/// there, so is all that was committed before the beat was sent. What is in memory is believed for 1 s from then. After
/// a gap everything is forgotten before anything is believed again.
class Listener {
 public:
  struct Deps {
    core::EffectSink& effects;
    const Clock& clock;
    const stores::Log& log;
    const stores::OnElsewhere& on_elsewhere;  ///< after what changed was forgotten
    /// Set once a COMMIT of this node has an unknown outcome: its effects may show at any time, so its news is heard
    /// too.
    const std::atomic<bool>& doubts_itself;
  };
  /// `node` is told apart from every other. Nothing is believed before the first echo.
  Listener(ConnectionSettings settings, std::string node, Deps deps);

  /// Listens until stop(); connects again after every failure.
  void run();
  void stop();
  /// Whether the last echo is recent enough to believe what is in memory.
  [[nodiscard]] bool is_hearing() const;
  /// Whether it is, or may be soon: a database that is slow is slow for all nodes, and none is better off without them.
  [[nodiscard]] bool is_in_touch() const;
  /// Waits for the first echo; false at `until`.
  bool wait_until_hearing(Deadline until);

 private:
  void listen();
  void beat(Connection& connection);
  void hear(std::string_view payload);
  void believe(Deadline until);
  bool rest(milliseconds pause);
  [[nodiscard]] bool is_stopping() const;

  const ConnectionSettings settings_;
  const std::string node_;
  Deps deps_;
  std::uint64_t sent_ = 0, heard_ = 0;  ///< beats; at most one is under way
  Deadline sent_at_{};                  ///< the last one
  const Descriptor wake_;               ///< readable once stop() was called
  std::atomic<Deadline::rep> believed_until_{0};
  std::atomic<bool> has_heard_{false};  ///< on the connection that there is now
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_stopping_ = false;
};

}  // namespace propusk::postgres
