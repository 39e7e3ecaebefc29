// Turns: who writes on this node. A write that has lost to others several times goes alone, and they wait for it.
#pragma once
#include <condition_variable>
#include <mutex>

#include "base/clock.hpp"

namespace propusk::postgres {

/// For progress, not for safety: nobody waits for long, then it goes on as if it were its turn. Thread-safe.
class Turns {
 public:
  /// Ends with its scope.
  class Turn {
   public:
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    friend class Turns;
    Turn(Turns& turns, int& inside) : turns_(turns), inside_(inside) { ++inside_; }
    Turns& turns_;
    int& inside_;
  };
  /// Longer than a usual commit, shorter than anybody waits for a write.
  static constexpr milliseconds usual_patience{100};
  explicit Turns(milliseconds patience = usual_patience) : patience_(patience) {}

  /// Beside others, behind whoever waits to be alone.
  [[nodiscard]] Turn with_others();
  [[nodiscard]] Turn alone();

 private:
  const milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int others_ = 0, alone_ = 0;  ///< inside; `alone_` from the moment on from which nobody else enters
};

}  // namespace propusk::postgres
