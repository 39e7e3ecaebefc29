// FairQueue: a bounded queue in which client prefixes take turns, so that a flood delays nobody but itself.
#pragma once
#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "base/client_address.hpp"

namespace propusk::platform {

/// Round robin between prefixes, first come first served within one. A new prefix waits for at most one job of every
/// other. Not thread-safe: its owner locks.
template <class Job>
class FairQueue {
 public:
  FairQueue(std::size_t limit, std::size_t limit_per_prefix) : limit_(limit), limit_per_prefix_(limit_per_prefix) {}

  /// The job that found no place: `job` itself if the prefix's part of the queue is full, else, in a full queue, the
  /// newest job of the longest line (which may again be `job` itself). So no number of prefixes keeps a newcomer out.
  std::optional<Job> push(const ClientAddress& prefix, Job job) {
    const auto known = lines_.find(prefix);
    const std::size_t waiting = known == lines_.end() ? 0 : known->second->jobs.size();
    if (waiting >= limit_per_prefix_) return std::optional<Job>(std::move(job));
    std::optional<Job> displaced;
    if (size_ >= limit_) {
      const auto longest = std::ranges::max_element(turns_, {}, [](const Line& line) { return line.jobs.size(); });
      if (longest == turns_.end() || longest->jobs.size() <= waiting + 1) return std::optional<Job>(std::move(job));
      displaced.emplace(std::move(longest->jobs.back()));
      longest->jobs.pop_back();  // it was longer than one: it stays
      --size_;
    }
    const auto line = known != lines_.end() ? known->second : turns_.insert(turns_.end(), Line{prefix, {}});
    if (known == lines_.end()) lines_.emplace(prefix, line);
    line->jobs.push_back(std::move(job));
    ++size_;
    return displaced;
  }

  /// The next job of the prefix whose turn it is; nothing if the queue is empty.
  std::optional<Job> pop() {
    if (turns_.empty()) return std::nullopt;
    const auto line = turns_.begin();
    std::optional<Job> job(std::move(line->jobs.front()));
    line->jobs.pop_front();
    --size_;
    if (line->jobs.empty()) {
      lines_.erase(line->prefix);
      turns_.erase(line);
    } else {
      turns_.splice(turns_.end(), turns_, line);
    }
    return job;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Line {
    ClientAddress prefix;
    std::deque<Job> jobs;  // never empty
  };
  std::size_t limit_, limit_per_prefix_, size_ = 0;
  std::list<Line> turns_;  // the front is served next
  std::map<ClientAddress, typename std::list<Line>::iterator> lines_;
};

}  // namespace propusk::platform
