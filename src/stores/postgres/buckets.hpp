// Buckets: token buckets in a table of the database, for all nodes; each take is one statement.
#pragma once
#include "core/limits/shared_buckets.hpp"
#include "stores/postgres/job_queue.hpp"

namespace propusk::postgres {

/// Contract: core/limits/shared_buckets.hpp.
class Buckets final : public core::SharedBuckets {
 public:
  using Seed = std::array<std::byte, 16>;
  /// How a statement is run and waited for.
  using Run = std::function<Task<void>(std::function<void(sql::Connection&)> statement, Deadline deadline)>;
  Buckets(Seed seed, Run run, JobQueue& queue) : seed_(seed), run_(std::move(run)), queue_(queue) {}

  [[nodiscard]] Seed seed() const override { return seed_; }
  Task<microseconds> take(std::vector<core::BucketStep> steps, Instant now, Deadline deadline) override;
  void give_back(std::vector<core::BucketStep> steps) noexcept override;
  void forgive(std::uint64_t bucket) noexcept override;

 private:
  void post(std::function<void(sql::Connection&)> statement) noexcept;

  const Seed seed_;
  const Run run_;
  JobQueue& queue_;
};

/// The seed that the first node drew, else `drawn`, which is then everybody's.
Buckets::Seed shared_seed(sql::Connection& connection, const Buckets::Seed& drawn);

}  // namespace propusk::postgres
