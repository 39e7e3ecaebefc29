// Histogram: latencies in microseconds, log-linear, 64 steps per power of two (error below 0.8 %).
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace loadgen {

class Histogram {
 public:
  void add(std::uint64_t microseconds) {
    ++buckets_[bucket_of(microseconds)];
    ++count_;
    sum_ += static_cast<double>(microseconds);
    longest_ = std::max(longest_, microseconds);
  }
  void merge(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    longest_ = std::max(longest_, other.longest_);
  }
  /// Milliseconds that a `share` of all values do not exceed; 0 when there are none.
  [[nodiscard]] double quantile(double share) const {
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t passed = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      if ((passed += buckets_[i]) >= wanted) return std::min(middle_of(i), static_cast<double>(longest_)) / 1000;
    return longest();
  }
  [[nodiscard]] double longest() const { return static_cast<double>(longest_) / 1000; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / 1000; }

 private:
  static constexpr std::size_t exact = 128;  ///< values below have a bucket each
  static constexpr std::size_t steps = 64;
  static constexpr std::size_t bucket_count = exact + 40 * steps;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < exact) return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - 7;  // value >> shift lies in [64, 128)
    return std::min(bucket_count - 1, exact + (shift - 1) * steps + ((value >> shift) - steps));
  }
  static double middle_of(std::size_t bucket) {
    if (bucket < exact) return static_cast<double>(bucket);
    const std::size_t shift = (bucket - exact) / steps + 1, step = (bucket - exact) % steps + steps;
    return (static_cast<double>(step) + 0.5) * static_cast<double>(std::uint64_t{1} << shift);
  }

  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>(bucket_count);
  std::uint64_t count_ = 0, longest_ = 0;
  double sum_ = 0;
};

}  // namespace loadgen
