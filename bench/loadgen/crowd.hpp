// Crowd: connections that are only there: idle keep-alive ones, and slow ones that never finish their headers.
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "loadgen/options.hpp"
#include "loadgen/request_template.hpp"

namespace loadgen {

class IdleConnections {
 public:
  /// Opens them one by one, each with one good request.
  IdleConnections(const Options& options, const RequestTemplate& request, Counters& counters);
  ~IdleConnections();
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;
  [[nodiscard]] std::size_t opened() const { return open_.size(); }
  [[nodiscard]] int failed() const { return failed_; }
  /// Those that the server has not closed yet.
  [[nodiscard]] int left() const;

 private:
  std::vector<int> open_;
  int failed_ = 0;
};

class SlowConnections {
 public:
  /// Sends one byte a second on each, on a thread of its own, until destroyed. `options` outlives it.
  explicit SlowConnections(const Options& options);
  [[nodiscard]] int open() const { return open_; }
  [[nodiscard]] std::uint64_t closed_by_server() const { return closed_; }

 private:
  void run(const std::stop_token& stop);
  /// True while the connection stands.
  bool keep(int& fd, std::size_t position);

  const Options& options_;
  const std::string head_;
  std::atomic<int> open_{0};
  std::atomic<std::uint64_t> closed_{0};
  std::jthread thread_;
};

}  // namespace loadgen
