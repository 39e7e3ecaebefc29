// Figures: what the store counts for metrics.
#pragma once
#include <atomic>
#include <cstdint>

#include "stores/open.hpp"

namespace propusk::sqlite {

using stores::Figures;

/// Written by the store's threads, read by anyone.
struct Counters {
  std::atomic<std::uint64_t> writes{0}, batches{0}, commit_micros{0}, lost_transactions{0}, failed_writes{0},
      skipped_writes{0}, checkpoints{0}, wal_bytes{0};
  std::atomic<bool> broken{false};
};

}  // namespace propusk::sqlite
