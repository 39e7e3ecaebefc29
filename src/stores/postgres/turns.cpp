// Waiting ends with what is waited for, or with the patience.
#include "stores/postgres/turns.hpp"

namespace propusk::postgres {

Turns::Turn Turns::with_others() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience_, [this] { return alone_ == 0; });
  return Turn(*this, others_);
}

Turns::Turn Turns::alone() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience_, [this] { return alone_ == 0; });
  ++alone_;
  changed_.wait_for(lock, patience_, [this] { return others_ == 0; });
  --alone_;
  return Turn(*this, alone_);
}

Turns::Turn::~Turn() {
  {
    const std::lock_guard lock(turns_.mutex_);
    --inside_;
  }
  turns_.changed_.notify_all();
}

}  // namespace propusk::postgres
