// First come, first served. A full queue answers at once: waiting would only move the queue into the server's memory.
#include "stores/postgres/job_queue.hpp"

#include <iterator>

#include "base/outage.hpp"

namespace propusk::postgres {

void JobQueue::push(SharedJob job) {
  {
    std::lock_guard lock(mutex_);
    if (is_closed_) throw Outage("store", "the server is shutting down");
    if (jobs_.size() >= capacity_) throw Outage("store", "overloaded: the queue of the database is full");
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void JobQueue::put_back(std::vector<SharedJob> jobs) {
  for (const SharedJob& job : jobs) job->unbegin();
  {
    std::lock_guard lock(mutex_);
    jobs_.insert(jobs_.begin(), std::make_move_iterator(jobs.begin()), std::make_move_iterator(jobs.end()));
  }
  changed_.notify_all();
}

std::vector<SharedJob> JobQueue::take(std::size_t limit) {
  std::vector<SharedJob> taken;
  std::unique_lock lock(mutex_);
  while (taken.empty()) {
    changed_.wait(lock, [this] { return !jobs_.empty() || is_closed_; });
    if (jobs_.empty()) return taken;
    const Job& head = *jobs_.front();
    const bool writes = head.write != nullptr, looks_up = head.wanted.has_value();
    const std::size_t room = writes || looks_up ? limit : 1;
    const auto is_alike = [&](const Job& job) {
      return (job.write != nullptr) == writes && job.wanted.has_value() == looks_up;
    };
    while (!jobs_.empty() && taken.size() < room && is_alike(*jobs_.front())) {
      if (jobs_.front()->begin()) taken.push_back(std::move(jobs_.front()));
      jobs_.pop_front();
    }
  }
  return taken;
}

void JobQueue::close() {
  {
    std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  closed_.notify_all();
}

bool JobQueue::rest(milliseconds pause) {
  std::unique_lock lock(mutex_);
  return closed_.wait_for(lock, pause, [this] { return is_closed_; });
}

std::size_t JobQueue::depth() const {
  std::lock_guard lock(mutex_);
  return jobs_.size();
}

}  // namespace propusk::postgres
