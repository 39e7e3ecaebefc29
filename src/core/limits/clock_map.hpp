// ClockMap: a hash map of bounded size; when full, the entry that was not used for the longest round goes (CLOCK).
#pragma once
#include <atomic>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace propusk::core {

/// Not thread-safe for writers; find() may run concurrently with find(). Entries keep their place until erased, and the
/// index holds four bytes each, so that 100,000 entries cost little more than themselves.
template <class Key, class Value, class Hash>
class ClockMap {
 public:
  explicit ClockMap(std::size_t capacity)
      : capacity_(capacity < 1 ? 1 : capacity), index_(0, SlotHash{&slots_}, SlotEqual{&slots_}) {}
  ClockMap(const ClockMap&) = delete;
  ClockMap& operator=(const ClockMap&) = delete;

  /// nullptr if absent; marks the entry as used.
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    const Slot& slot = slots_[*found];
    if (!slot.used.load(std::memory_order_relaxed)) slot.used.store(true, std::memory_order_relaxed);
    return &slot.value;
  }
  [[nodiscard]] Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

  /// Inserts or replaces. May evict another entry.
  Value& put(const Key& key, Value value) {
    if (Value* present = find(key)) return *present = std::move(value);
    const std::uint32_t at = free_.empty() && slots_.size() < capacity_ ? grow() : reuse();
    Slot& slot = slots_[at];
    slot.key = key;
    slot.value = std::move(value);
    slot.taken = true;
    slot.used.store(false, std::memory_order_relaxed);
    index_.insert(at);
    return slot.value;
  }
  /// True if it was there.
  bool erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return false;
    const std::uint32_t at = *found;
    index_.erase(found);
    slots_[at].taken = false;
    free_.push_back(at);
    return true;
  }
  void clear() {
    index_.clear();
    free_.clear();
    for (std::size_t at = 0; at < slots_.size(); ++at) {
      slots_[at].taken = false;
      free_.push_back(static_cast<std::uint32_t>(at));
    }
  }
  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  struct Slot {
    Key key{};
    Value value{};
    bool taken = false;
    mutable std::atomic<bool> used{false};
  };
  /// In blocks that never move, and so few of them that their addresses stay in the cache: a deque has one per 512
  /// bytes.
  class Slots {
   public:
    Slot& operator[](std::size_t at) const { return blocks_[at / per_block][at % per_block]; }
    [[nodiscard]] std::size_t size() const { return size_; }
    void grow() {
      if (size_ % per_block == 0) blocks_.push_back(std::make_unique<Slot[]>(per_block));
      ++size_;
    }

   private:
    static constexpr std::size_t per_block = 64;
    std::vector<std::unique_ptr<Slot[]>> blocks_;
    std::size_t size_ = 0;
  };
  struct SlotHash {
    using is_transparent = void;
    const Slots* slots;
    std::size_t operator()(std::uint32_t at) const { return Hash{}((*slots)[at].key); }
    std::size_t operator()(const Key& key) const { return Hash{}(key); }
  };
  struct SlotEqual {
    using is_transparent = void;
    const Slots* slots;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
    bool operator()(const Key& key, std::uint32_t at) const { return (*slots)[at].key == key; }
    bool operator()(std::uint32_t at, const Key& key) const { return (*slots)[at].key == key; }
  };

  std::uint32_t grow() {
    slots_.grow();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  std::uint32_t reuse() {
    if (!free_.empty()) {
      const std::uint32_t at = free_.back();
      free_.pop_back();
      return at;
    }
    for (;; hand_ = (hand_ + 1) % slots_.size()) {
      if (slots_[hand_].used.exchange(false, std::memory_order_relaxed)) continue;
      const auto at = static_cast<std::uint32_t>(hand_);
      index_.erase(at);
      hand_ = (hand_ + 1) % slots_.size();
      return at;
    }
  }

  std::size_t capacity_;
  Slots slots_;
  std::deque<std::uint32_t> free_;
  boost::unordered_flat_set<std::uint32_t, SlotHash, SlotEqual> index_;
  std::size_t hand_ = 0;
};

}  // namespace propusk::core
