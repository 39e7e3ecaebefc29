// Edge-triggered epoll over non-blocking sockets.
#include "loadgen/worker.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "loadgen/machine.hpp"
#include "platform/scheduling.hpp"

namespace loadgen {
namespace {
constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t longest_sleep = second / 50;  // so that deadlines are looked at
constexpr std::uint64_t sweep_interval = second / 10;
}  // namespace

void Results::merge(const Results& other) {
  latencies.merge(other.latencies);
  for (auto counter : {&Results::good, &Results::bad_status, &Results::broken, &Results::timeouts, &Results::backlog,
                       &Results::dials, &Results::retries})
    this->*counter += other.*counter;
  longest_queue = std::max(longest_queue, other.longest_queue);
  last_good_at = std::max(last_good_at, other.last_good_at);
  for (const auto& [status, count] : other.statuses) statuses[status] += count;
}

int dial(const Options& options, bool is_blocking) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (is_blocking ? 0 : SOCK_NONBLOCK), 0);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&options.address), sizeof options.address) == 0 ||
      errno == EINPROGRESS)
    return fd;
  ::close(fd);
  return -1;
}

Worker::Worker(const Run& run, int index)
    : run_(run),
      gap_(run.options.rate > 0 ? 1e9 * run.options.threads / run.options.rate : 0),
      timeout_(static_cast<std::uint64_t>(run.options.timeout_seconds * 1e9)),
      next_at_(run.schedule.begin + static_cast<std::uint64_t>(gap_ * index / run.options.threads)),
      last_sweep_(run.schedule.begin),
      connections_(static_cast<std::size_t>(run.options.connections / run.options.threads +
                                            (index < run.options.connections % run.options.threads ? 1 : 0))),
      chance_(static_cast<std::uint64_t>(index) * 7919 + run.schedule.begin) {
  for (std::size_t i = connections_.size(); i-- > 0;) free_.push_back(i);
}

bool Worker::is_over(std::uint64_t now) const {
  const std::uint64_t most = run_.options.most_requests;
  return now >= run_.schedule.end || (most > 0 && run_.counters.started >= most);
}

bool Worker::may_leave(std::uint64_t now) const {
  const bool waits_for_answers =
      gap_ > 0 || run_.options.most_requests > 0;  // a closed loop drops what is in flight at the end
  return std::ranges::none_of(connections_, &Connection::is_busy) || now >= run_.schedule.end + timeout_ ||
         (!waits_for_answers && now >= run_.schedule.end);
}

bool Worker::open(Connection& connection) {
  connection.fd = dial(run_.options, false);
  if (connection.fd < 0) return false;
  connection.is_fresh = true;
  ++results_.dials;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = &connection}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
  return true;
}

void Worker::close(Connection& connection) {
  if (connection.fd >= 0) ::close(std::exchange(connection.fd, -1));
}

void Worker::release(Connection& connection) {
  connection.is_busy = false;
  free_.push_back(static_cast<std::size_t>(&connection - connections_.data()));
}

void Worker::fail(Connection& connection, std::uint64_t Results::* counter) {
  if (is_measured(connection.intended_at)) ++(results_.*counter);
  close(connection);
  release(connection);
}

void Worker::broken(Connection& connection) {
  if (!connection.is_busy) return close(connection);
  if (connection.is_fresh || connection.answer.has_begun()) return fail(connection, &Results::broken);
  close(connection);  // the server closed it while it was idle: the same request again on a new connection
  ++results_.retries;
  connection.sent = 0;
  if (!open(connection)) fail(connection, &Results::broken);
}

void Worker::start(Connection& connection, std::uint64_t intended_at) {
  connection.is_busy = true;
  connection.intended_at = intended_at;
  connection.started_at = now_in_nanoseconds();
  connection.sent = 0;
  connection.answer.start(run_.options.method == "HEAD");
  run_.request.fill(connection.out, run_.counters, chance_);
  if (connection.fd < 0 && !open(connection)) return fail(connection, &Results::broken);
  write(connection);
}

void Worker::write(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const ssize_t count = send(connection.fd, connection.out.data() + connection.sent,
                               connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (count <= 0 && (errno == EAGAIN || errno == EINPROGRESS || errno == ENOTCONN)) return;
    if (count <= 0) return broken(connection);
    connection.sent += static_cast<std::size_t>(count);
  }
}

void Worker::read(Connection& connection) {
  std::array<char, 16'384> buffer;
  for (;;) {
    const ssize_t count = recv(connection.fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count == 0 && connection.is_busy && connection.answer.ends_with_connection())
      return finish(connection, now_in_nanoseconds());
    if (count <= 0) return broken(connection);
    if (!connection.is_busy) return close(connection);
    switch (connection.answer.feed({buffer.data(), static_cast<std::size_t>(count)})) {
      case Reading::needs_more: break;
      case Reading::complete: return finish(connection, now_in_nanoseconds());
      case Reading::broken: return fail(connection, &Results::broken);
    }
  }
}

void Worker::finish(Connection& connection, std::uint64_t now) {
  const int status = connection.answer.status();
  if (is_measured(connection.intended_at)) {
    const int expected = run_.options.expected_status;
    ++results_.statuses[status];
    if (expected ? status == expected : status / 100 == 2) {
      ++results_.good;
      results_.latencies.add((now - connection.intended_at) / 1000);
      results_.last_good_at = now;
    } else {
      ++results_.bad_status;
    }
  }
  connection.is_fresh = false;
  if (connection.answer.closes() || run_.options.closes) close(connection);
  release(connection);
}

void Worker::start_due(std::uint64_t now) {
  for (; next_at_ <= now && next_at_ < run_.schedule.end;
       next_at_ += static_cast<std::uint64_t>(gap_ * (run_.options.is_poisson ? gaps_(chance_) : 1)))
    queue_.push_back(next_at_);
  if (is_measured(now)) results_.longest_queue = std::max<std::uint64_t>(results_.longest_queue, queue_.size());
  while (!queue_.empty() && !free_.empty()) {
    Connection& connection = connections_[free_.back()];
    free_.pop_back();
    const std::uint64_t intended_at = queue_.front();
    queue_.pop_front();
    if (is_measured(intended_at)) ++run_.counters.started;
    start(connection, intended_at);
  }
}

void Worker::start_free(std::uint64_t now) {
  while (!free_.empty()) {
    const std::uint64_t most = run_.options.most_requests;
    if (is_measured(now) && most > 0 && run_.counters.started.fetch_add(1) >= most) return;
    Connection& connection = connections_[free_.back()];
    free_.pop_back();
    start(connection, now_in_nanoseconds());
    if (connection.fd < 0) return;  // nobody listens: look at the clock before the next try
  }
}

void Worker::serve_events(std::uint64_t now, bool over) {
  std::array<epoll_event, 512> events;
  std::uint64_t sleep = longest_sleep;
  if (gap_ > 0 && !over) sleep = std::min(sleep, next_at_ > now ? next_at_ - now : 0);
  const timespec patience{.tv_sec = 0, .tv_nsec = static_cast<long>(sleep)};
  const int count = epoll_pwait2(epoll_, events.data(), events.size(), &patience, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
    const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
    if (connection.fd >= 0 && (what & EPOLLOUT) && connection.is_busy) write(connection);
    if (connection.fd >= 0 && (what & (EPOLLIN | EPOLLHUP | EPOLLERR))) read(connection);
  }
}

void Worker::drop_late(std::uint64_t now) {
  if (now - last_sweep_ < sweep_interval) return;
  last_sweep_ = now;
  for (Connection& connection : connections_)
    if (connection.is_busy && now - connection.started_at > timeout_) fail(connection, &Results::timeouts);
}

void Worker::run() {
  if (run_.options.asks_for_short_slice) {
    propusk::platform::ask_for_short_slice();
    prctl(PR_SET_TIMERSLACK, 1);
  }
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  for (;;) {
    const std::uint64_t now = now_in_nanoseconds();
    const bool over = is_over(now);
    if (over && may_leave(now)) break;
    if (!over && gap_ > 0) start_due(now);
    if (!over && gap_ == 0) start_free(now);
    serve_events(now_in_nanoseconds(), over);
    drop_late(now_in_nanoseconds());
  }
  results_.backlog =
      static_cast<std::uint64_t>(std::ranges::count_if(queue_, [this](std::uint64_t at) { return is_measured(at); }));
  for (Connection& connection : connections_) {
    if (gap_ > 0 && connection.is_busy && is_measured(connection.intended_at)) ++results_.timeouts;
    close(connection);
  }
  ::close(epoll_);
}

}  // namespace loadgen
