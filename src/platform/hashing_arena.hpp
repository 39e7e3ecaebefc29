// HashingArena: memory that one hashing thread keeps between hashes, because mapping it anew costs
// up to 57 % of a hash (STACK.md §2).
#pragma once
#include <cstddef>
#include <cstdint>

namespace propusk::platform {

/// libsodium maps and unmaps the whole memory of Argon2 for every hash. The link wraps its mmap() and munmap()
/// (`-Wl,--wrap=mmap,--wrap=munmap`, static archive); between enter and leave on one thread, anonymous mappings of up
/// to `capacity` bytes are answered with the arena, one at a time. All else goes to the kernel as before.
/// The arena is left out of core dumps, reads as zeros in a forked child, and is wiped before it is given back.
/// Used by one thread; mapped at its first use.
class HashingArena {
 public:
  explicit HashingArena(std::size_t capacity) : capacity_(capacity) {}
  ~HashingArena() { release(); }
  HashingArena(const HashingArena&) = delete;
  HashingArena& operator=(const HashingArena&) = delete;

  /// While it lives, this thread's mappings come from the arena. Scopes do not nest.
  class Scope {
   public:
    explicit Scope(HashingArena& arena);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

  /// Wipes the memory and gives it back; the next use maps it again. Not within a Scope.
  void release();
  [[nodiscard]] bool is_mapped() const { return memory_ != nullptr; }
  /// How many mappings were answered: 0 after a hash means that the wrapper is not linked in.
  [[nodiscard]] std::uint64_t served() const { return served_; }

  /// For the wrappers only: the arena's memory for `bytes`, or null if it does not fit or is lent out.
  void* lend(std::size_t bytes);
  /// For the wrappers only: true if `memory` was the arena's, which then stays mapped.
  bool take_back(const void* memory);

 private:
  std::size_t capacity_;
  void* memory_ = nullptr;
  bool lent_ = false;
  std::uint64_t served_ = 0;
};

}  // namespace propusk::platform
