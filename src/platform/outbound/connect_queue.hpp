// ConnectQueue: so many connections to one host are made at once and no more; whoever waits finds the first ones free
// for reuse.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace propusk::platform {

/// Used by one thread, whose executor it is given.
class ConnectQueue {
 public:
  static constexpr std::size_t at_once =
      64;  ///< handshakes cost both sides; a thousand at once would time out together

  explicit ConnectQueue(Executor executor) : executor_(std::move(executor)) {}

  /// The right to connect to a host; the next one gets it when this goes.
  class Turn {
   public:
    Turn(ConnectQueue& queue, std::string host) : queue_(&queue), host_(std::move(host)) {}
    Turn(Turn&& other) noexcept : queue_(std::exchange(other.queue_, nullptr)), host_(std::move(other.host_)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (queue_) queue_->leave(host_);
    }

   private:
    ConnectQueue* queue_;
    std::string host_;
  };
  /// Nothing: the deadline passed first. The queue outlives the waiting.
  Task<std::optional<Turn>> enter(std::string host, Deadline deadline);

 private:
  struct Waiter;
  struct Line {
    std::size_t inside = 0;
    std::deque<Waiter*> waiting;
  };
  void leave(const std::string& host);
  Executor executor_;
  std::unordered_map<std::string, Line> lines_;
};

}  // namespace propusk::platform
