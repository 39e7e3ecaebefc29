// Pending<T>: the one way a coroutine waits for another thread: a result, an error, or its deadline.
#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace propusk {

/// Shared by the waiting coroutine and the worker. The worker calls complete() or fail() once, from any thread; the
/// waiter calls wait() once, on its own executor. A waiter whose deadline passes detaches: the worker's later result
/// is dropped, so a job must own all it touches.
template <class T>
class Pending : public std::enable_shared_from_this<Pending<T>> {
 public:
  explicit Pending(Executor executor) : executor_(executor) {}

  void complete(T value) {
    boost::asio::post(executor_, [self = this->shared_from_this(), value = std::move(value)]() mutable {
      self->value_.emplace(std::move(value));
      if (self->timer_) self->timer_->cancel();
    });
  }
  void fail(std::exception_ptr error) {
    boost::asio::post(executor_, [self = this->shared_from_this(), error = std::move(error)] {
      self->error_ = error;
      if (self->timer_) self->timer_->cancel();
    });
  }
  /// The value, or nothing once the deadline has passed. Rethrows what the worker failed with.
  Task<std::optional<T>> wait(Deadline deadline) {
    auto self = this->shared_from_this();
    Timer timer(executor_, deadline);
    const Waiting waiting(timer_, timer);
    while (!value_ && !error_) {
      auto [code] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{}));
      if (!code) break;  // the deadline, not a cancel
    }
    if (error_)
      std::rethrow_exception(std::exchange(error_, nullptr));  // freed here, not by the worker's last reference
    co_return std::move(value_);
  }

 private:
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  /// The timer lives in the waiter's frame: the worker may hold the last reference, and its thread must not touch it.
  struct Waiting {
    Waiting(Timer*& place, Timer& timer) : place(place) { place = &timer; }
    ~Waiting() { place = nullptr; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    Timer*& place;
  };
  const Executor executor_;
  Timer* timer_ = nullptr;  ///< while somebody waits
  std::optional<T> value_;
  std::exception_ptr error_;
};

/// The executor of the calling coroutine, to build a Pending on.
inline auto this_executor() { return boost::asio::this_coro::executor; }

}  // namespace propusk
