// ChoreStore: the port through which nodes agree who does work that one of them is to do.
#pragma once
#include <string_view>

#include "base/clock.hpp"

namespace propusk::core {

class ChoreStore {
 public:
  virtual ~ChoreStore() = default;
  /// True for one caller only: the chore was due at `now`, and is not again before `due_again`.
  virtual bool take(std::string_view chore, Instant now, Instant due_again) = 0;
};

}  // namespace propusk::core
