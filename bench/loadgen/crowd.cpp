// Blocking sockets: nothing here is in a hurry.
#include "loadgen/crowd.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "loadgen/answer_reader.hpp"
#include "loadgen/worker.hpp"

namespace loadgen {
namespace {
constexpr int hopeless = 200;  // that many failures without one success: the server takes none

/// Whether one request got a whole answer that keeps the connection.
bool is_kept_after(int fd, const std::string& request, bool has_no_body) {
  const timeval patience{.tv_sec = 5, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return false;
  AnswerReader answer;
  answer.start(has_no_body);
  std::array<char, 16'384> buffer;
  for (Reading reading = Reading::needs_more; reading != Reading::complete;) {
    const ssize_t count = recv(fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    reading = answer.feed({buffer.data(), static_cast<std::size_t>(count)});
    if (reading == Reading::broken) return false;
  }
  return !answer.closes();
}

bool is_open(int fd) {
  char byte;
  return recv(fd, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}
}  // namespace

IdleConnections::IdleConnections(const Options& options, const RequestTemplate& request, Counters& counters) {
  Chance chance(12345);
  std::string bytes;
  for (int i = 0; i < options.idle_connections; ++i) {
    const int fd = dial(options, true);
    request.fill(bytes, counters, chance);
    if (fd >= 0 && is_kept_after(fd, bytes, options.method == "HEAD")) {
      open_.push_back(fd);
      continue;
    }
    if (fd >= 0) ::close(fd);
    if (++failed_ > hopeless && open_.empty()) break;
  }
}

IdleConnections::~IdleConnections() {
  for (int fd : open_) ::close(fd);
}

int IdleConnections::left() const {
  int count = 0;
  for (int fd : open_) count += is_open(fd) ? 1 : 0;
  return count;
}

SlowConnections::SlowConnections(const Options& options)
    : options_(options),
      head_(options.method + " " + options.path + " HTTP/1.1\r\nHost: " + options.host + "\r\nX-Slow: "),
      thread_(options.slow_connections > 0 ? std::jthread([this](const std::stop_token& stop) { run(stop); })
                                           : std::jthread()) {}

bool SlowConnections::keep(int& fd, std::size_t position) {
  if (fd < 0) {
    fd = dial(options_, true);
    if (fd < 0) return false;
    send(fd, head_.data(), 5, MSG_NOSIGNAL);
    return true;
  }
  const std::size_t at = 5 + position;
  const char byte = at < head_.size() ? head_[at] : 'a';
  if (is_open(fd) && send(fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) return true;
  ::close(std::exchange(fd, -1));
  ++closed_;
  return false;
}

void SlowConnections::run(const std::stop_token& stop) {
  std::vector<int> all(static_cast<std::size_t>(options_.slow_connections), -1);
  std::vector<std::size_t> positions(all.size(), 0);
  std::mutex mutex;
  std::condition_variable_any ended;
  while (!stop.stop_requested()) {
    int count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool was_open = all[i] >= 0;
      const bool stands = keep(all[i], positions[i]);
      positions[i] = was_open && stands ? positions[i] + 1 : 0;
      count += stands ? 1 : 0;
    }
    open_ = count;
    std::unique_lock lock(mutex);
    ended.wait_for(lock, stop, std::chrono::seconds{1}, [] { return false; });
  }
  for (int fd : all)
    if (fd >= 0) ::close(fd);
}

}  // namespace loadgen
