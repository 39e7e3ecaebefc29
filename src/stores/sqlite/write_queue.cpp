// A full queue answers at once: waiting would only move the queue into the server's memory.
#include "stores/sqlite/write_queue.hpp"

#include <algorithm>
#include <iterator>

#include "base/outage.hpp"

namespace propusk::sqlite {
namespace {
constexpr std::size_t wake_every =
    64;  // the first write wakes the writer; the others find it awake or waiting for company
}  // namespace

void WriteQueue::push(QueuedWrite write) {
  bool wakes = false;
  {
    std::lock_guard lock(mutex_);
    if (!closed_because_.empty()) throw Outage("store", closed_because_);
    if (writes_.size() >= capacity_) throw Outage("store", "overloaded: the write queue is full");
    writes_.push_back(std::move(write));
    wakes = writes_.size() % wake_every == 1;
  }
  if (wakes) changed_.notify_one();
}

std::vector<QueuedWrite> WriteQueue::take(std::size_t limit, std::chrono::steady_clock::duration patience) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !writes_.empty() || !closed_because_.empty(); });
  changed_.wait_for(lock, patience, [this, limit] { return writes_.size() >= limit || !closed_because_.empty(); });
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, writes_.size()));
  const auto end = writes_.begin() + count;
  std::vector<QueuedWrite> taken(std::make_move_iterator(writes_.begin()), std::make_move_iterator(end));
  writes_.erase(writes_.begin(), end);
  return taken;
}

void WriteQueue::close(std::string why) {
  {
    std::lock_guard lock(mutex_);
    if (closed_because_.empty()) closed_because_ = std::move(why);
  }
  changed_.notify_all();
}

std::size_t WriteQueue::depth() const {
  std::lock_guard lock(mutex_);
  return writes_.size();
}

}  // namespace propusk::sqlite
