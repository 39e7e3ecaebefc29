// Worker: one thread's connections. Closed loop: each sends again when it has its answer. Open loop: requests start at
// their intended times, and latency counts from there, so that waiting for a free connection is not hidden.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "loadgen/answer_reader.hpp"
#include "loadgen/histogram.hpp"
#include "loadgen/options.hpp"
#include "loadgen/request_template.hpp"

namespace loadgen {

/// Nanoseconds of the monotonic clock: warm-up, measured time, end.
struct Schedule {
  std::uint64_t begin = 0, measured_from = 0, end = 0;
};

struct Results {
  Histogram latencies;
  std::uint64_t good = 0, bad_status = 0, broken = 0, timeouts = 0, backlog = 0;
  std::uint64_t dials = 0, retries = 0, longest_queue = 0;
  std::uint64_t last_good_at = 0;
  std::map<int, std::uint64_t> statuses;
  void merge(const Results& other);
  [[nodiscard]] std::uint64_t errors() const { return bad_status + broken + timeouts + backlog; }
};

/// A connected (or, when `is_blocking` is false, connecting) socket without Nagle's delay; -1 on failure.
int dial(const Options& options, bool is_blocking);

class Worker {
 public:
  /// What all workers of a run have in common; outlives them.
  struct Run {
    const Options& options;
    const RequestTemplate& request;
    Counters& counters;
    Schedule schedule;
  };
  Worker(const Run& run, int index);
  /// Runs to the end of the schedule; call on a thread of its own.
  void run();
  [[nodiscard]] const Results& results() const { return results_; }

 private:
  struct Connection {
    int fd = -1;
    bool is_busy = false, is_fresh = true;
    std::string out;
    std::size_t sent = 0;
    AnswerReader answer;
    std::uint64_t intended_at = 0, started_at = 0;
  };
  [[nodiscard]] bool is_measured(std::uint64_t at) const { return at >= run_.schedule.measured_from; }
  [[nodiscard]] bool is_over(std::uint64_t now) const;
  [[nodiscard]] bool may_leave(std::uint64_t now) const;
  bool open(Connection& connection);
  void close(Connection& connection);
  void release(Connection& connection);
  void fail(Connection& connection, std::uint64_t Results::* counter);
  void broken(Connection& connection);
  void start(Connection& connection, std::uint64_t intended_at);
  void write(Connection& connection);
  void read(Connection& connection);
  void finish(Connection& connection, std::uint64_t now);
  void start_due(std::uint64_t now);
  void start_free(std::uint64_t now);
  void serve_events(std::uint64_t now, bool over);
  void drop_late(std::uint64_t now);

  const Run run_;
  const double gap_;  ///< nanoseconds between intended sends; 0: closed loop
  const std::uint64_t timeout_;
  std::uint64_t next_at_;
  std::uint64_t last_sweep_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::vector<std::size_t> free_;
  std::deque<std::uint64_t> queue_;
  Chance chance_;
  std::exponential_distribution<double> gaps_{1.0};
  Results results_;
};

}  // namespace loadgen
