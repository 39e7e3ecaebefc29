// A ring of intrusive lists; a timer stands in the slot of the first tick at which it may be due.
#include "http/timer_wheel.hpp"

#include <algorithm>

namespace propusk::http {

void TimerWheel::Timer::unlink() {
  if (!before_) return;
  before_->after_ = after_;
  if (after_) after_->before_ = before_;
  before_ = after_ = nullptr;
}

TimerWheel::~TimerWheel() {
  for (Head& head : slots_) {
    while (head.after_) head.after_->unlink();
  }
}

void TimerWheel::push(Timer& head, Timer& timer) {
  timer.before_ = &head;
  timer.after_ = head.after_;
  if (head.after_) head.after_->before_ = &timer;
  head.after_ = &timer;
}

std::uint64_t TimerWheel::tick_of(Deadline due) const {
  const std::uint64_t ticks = due <= start_ ? 0 : static_cast<std::uint64_t>((due - start_) / tick) + 1;
  return std::clamp(ticks, now_tick_ + 1, now_tick_ + slot_count - 1);
}

void TimerWheel::link(Timer& timer) {
  timer.slot_tick_ = tick_of(timer.due_);
  push(slots_[timer.slot_tick_ % slot_count], timer);
}

void TimerWheel::arm(Timer& timer, Deadline due) {
  timer.due_ = due;
  if (timer.before_ && timer.slot_tick_ <= tick_of(due)) return;
  timer.unlink();
  link(timer);
}

void TimerWheel::advance(Deadline now) {
  const auto target = now <= start_ ? std::uint64_t{0} : static_cast<std::uint64_t>((now - start_) / tick);
  if (target <= now_tick_) return;
  const std::uint64_t turns = std::min<std::uint64_t>(target - now_tick_, slot_count);
  now_tick_ = target;  // from here on timers are linked behind this turn
  for (std::uint64_t at = target - turns + 1; at <= target; ++at) {
    Timer* const first = slots_[at % slot_count].after_;
    if (!first) continue;
    Head waiting;  // a list of its own: expired() may arm or destroy any timer
    slots_[at % slot_count].after_ = nullptr;
    waiting.after_ = first;
    first->before_ = &waiting;
    while (Timer* timer = waiting.after_) {
      timer->unlink();
      if (timer->due_ > now) {
        link(*timer);
      } else {
        timer->expired();
      }
    }
  }
}

}  // namespace propusk::http
