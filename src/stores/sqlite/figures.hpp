// Figures: what the store counts for metrics.
#pragma once
#include <atomic>
#include <cstdint>

namespace propusk::sqlite {

/// A copy at one moment; counters since open.
struct Figures {
  std::uint64_t writes = 0;             ///< closures whose answer was sent after a commit, refusals included
  std::uint64_t batches = 0;            ///< durable commits
  std::uint64_t commit_micros = 0;      ///< spent in those commits
  std::uint64_t lost_transactions = 0;  ///< rolled back by the database, run again one by one
  std::uint64_t failed_writes = 0;      ///< answered with an Outage
  std::uint64_t skipped_writes = 0;     ///< their deadline had passed in the queue
  std::uint64_t checkpoints = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t queue_depth = 0;
  bool broken = false;  ///< an fsync failed: nothing is written until the process starts again
};

/// Written by the store's threads, read by anyone.
struct Counters {
  std::atomic<std::uint64_t> writes{0}, batches{0}, commit_micros{0}, lost_transactions{0}, failed_writes{0},
      skipped_writes{0}, checkpoints{0}, wal_bytes{0};
  std::atomic<bool> broken{false};
};

}  // namespace propusk::sqlite
