// HeldPlace: an attempt's place that cannot be forgotten: whoever does not decide it gives it back.
#pragma once
#include <utility>

#include "core/limits/limits.hpp"

namespace propusk::core {

/// Move-only. An outage or a full queue is nobody's failure: destruction without a verdict abandons the attempt.
class HeldPlace {
 public:
  HeldPlace(Limits& limits, AttemptPlace place) : limits_(&limits), place_(std::move(place)) {}
  HeldPlace(HeldPlace&& other) noexcept
      : limits_(std::exchange(other.limits_, nullptr)), place_(std::move(other.place_)) {}
  HeldPlace(const HeldPlace&) = delete;
  HeldPlace& operator=(const HeldPlace&) = delete;
  HeldPlace& operator=(HeldPlace&&) = delete;
  ~HeldPlace() {
    if (limits_) limits_->abandoned_sign_in(place_);
  }
  void failed() { std::exchange(limits_, nullptr)->failed_sign_in(place_); }
  void succeeded() { std::exchange(limits_, nullptr)->succeeded_sign_in(place_); }

 private:
  Limits* limits_;
  AttemptPlace place_;
};

}  // namespace propusk::core
