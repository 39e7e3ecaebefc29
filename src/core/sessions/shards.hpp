// Shards: a bounded map in 64 parts, each with its own lock and the number of the last change that came from a write:
// that is how a fill learns that it is too old (DESIGN.md §5).
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "core/accounts/account.hpp"
#include "core/limits/clock_map.hpp"

namespace propusk::core {

inline constexpr std::size_t shard_count = 64;  // STACK.md §4

struct AccountHash {
  using is_avalanching = void;
  std::size_t operator()(AccountId id) const noexcept {
    auto x = static_cast<std::uint64_t>(id);  // splitmix64's finaliser: ids are random, but only in 31 bits
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
};

template <class Key, class Value, class Hash>
struct alignas(64) Shard {
  explicit Shard(std::size_t capacity) : entries(capacity) {}
  mutable std::shared_mutex mutex;
  ClockMap<Key, Value, Hash> entries;
  std::uint64_t touched = 0;  ///< sequence number of the last change that came from a write

  /// The caller holds the lock. Changes that come side by side may come out of order.
  void touch(std::uint64_t sequence) { touched = std::max(touched, sequence); }
};

/// `capacity` entries over all shards, then CLOCK eviction.
template <class Key, class Value, class Hash>
struct Shards {
  explicit Shards(std::size_t capacity) {
    for (auto& shard : list) shard = std::make_unique<Shard<Key, Value, Hash>>(capacity / shard_count + 1);
  }
  Shard<Key, Value, Hash>& of(const Key& key) const { return *list[Hash{}(key) / 64 % shard_count]; }
  /// Every shard is touched; with `erase`, emptied.
  void touch_all(std::uint64_t sequence, bool erase) {
    for (auto& shard : list) {
      std::unique_lock lock(shard->mutex);
      shard->touch(sequence);
      if (erase) shard->entries.clear();
    }
  }
  [[nodiscard]] std::size_t size() const {
    std::size_t total = 0;
    for (const auto& shard : list) {
      std::shared_lock lock(shard->mutex);
      total += shard->entries.size();
    }
    return total;
  }
  std::array<std::unique_ptr<Shard<Key, Value, Hash>>, shard_count> list;
};

}  // namespace propusk::core
