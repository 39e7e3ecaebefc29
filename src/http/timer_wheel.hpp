// TimerWheel: deadlines of thousands of connections for one coarse timer. Setting a later deadline costs one store.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace propusk::http {

/// Belongs to one thread. Deadlines are met up to one tick late.
class TimerWheel {
 public:
  static constexpr milliseconds tick{500};  ///< the shortest deadline is in seconds (DESIGN.md §4: coarse)

  /// Something with a deadline; unlinks itself when it is destroyed.
  class Timer {
   public:
    Timer() = default;
    virtual ~Timer() { unlink(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

   protected:
    /// The deadline has passed. The timer is disarmed; it may arm itself again or be destroyed.
    virtual void expired() = 0;

   private:
    friend class TimerWheel;
    void unlink();
    Timer* before_ = nullptr;
    Timer* after_ = nullptr;
    Deadline due_{};
    std::uint64_t slot_tick_ = 0;
  };

  explicit TimerWheel(Deadline start) : start_(start) {}
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  ~TimerWheel();

  /// Sets or changes the deadline of `timer`. A later one than before is only stored and looked at when the old comes.
  void arm(Timer& timer, Deadline due);
  /// Calls expired() of every timer whose deadline is not after `now`.
  void advance(Deadline now);

 private:
  static constexpr std::size_t slot_count = 256;  ///< 128 s in one turn; what is farther takes another turn
  class Head final : public Timer {               // so that unlinking needs no slot
    void expired() override {}
  };
  void link(Timer& timer);
  static void push(Timer& head, Timer& timer);
  [[nodiscard]] std::uint64_t tick_of(Deadline due) const;

  Deadline start_;
  std::uint64_t now_tick_ = 0;
  std::array<Head, slot_count> slots_;
};

}  // namespace propusk::http
