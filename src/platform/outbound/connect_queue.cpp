// First come, first served; a turn is handed over, never lost.
#include "platform/outbound/connect_queue.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace propusk::platform {

struct ConnectQueue::Waiter {
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  Waiter(ConnectQueue& queue, const std::string& host, Deadline deadline)
      : queue(queue), host(host), timer(queue.executor_, deadline) {
    queue.lines_[host].waiting.push_back(this);
  }
  ~Waiter() {
    if (const auto line = queue.lines_.find(host); line != queue.lines_.end()) std::erase(line->second.waiting, this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  ConnectQueue& queue;
  const std::string& host;
  Timer timer;
  std::optional<Turn> turn;
};

Task<std::optional<ConnectQueue::Turn>> ConnectQueue::enter(std::string host, Deadline deadline) {
  if (Line& line = lines_[host]; line.inside < at_once) {
    ++line.inside;
    co_return Turn(*this, host);
  }
  Waiter waiter(*this, host, deadline);
  while (!waiter.turn) {
    auto [code] = co_await waiter.timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{}));
    if (!code) break;  // the deadline, not a cancel
  }
  co_return std::move(waiter.turn);
}

void ConnectQueue::leave(const std::string& host) {
  const auto line = lines_.find(host);
  if (line == lines_.end()) return;
  if (line->second.waiting.empty()) {
    if (--line->second.inside == 0) lines_.erase(line);
    return;
  }
  Waiter* next = line->second.waiting.front();
  line->second.waiting.pop_front();
  next->turn.emplace(*this, host);
  next->timer.cancel();
}

}  // namespace propusk::platform
