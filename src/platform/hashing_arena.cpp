// The wrappers see every mmap() of our own link, on every thread: outside a Scope they must cost and change nothing.
#include "platform/hashing_arena.hpp"

#include <sodium.h>
#include <sys/mman.h>

#include "base/bug.hpp"

extern "C" {
// The names are the linker's: --wrap=mmap sends calls to __wrap_mmap and offers the original as __real_mmap.
void* __real_mmap(void*, std::size_t, int, int, int, off_t);  // NOLINT
int __real_munmap(void*, std::size_t);                        // NOLINT
void* __wrap_mmap(void*, std::size_t, int, int, int, off_t);  // NOLINT
int __wrap_munmap(void*, std::size_t);                        // NOLINT
}

namespace propusk::platform {
namespace {
thread_local constinit HashingArena* entered = nullptr;
}

HashingArena::Scope::Scope(HashingArena& arena) {
  require(entered == nullptr, "hashing arenas do not nest");
  entered = &arena;
}

HashingArena::Scope::~Scope() { entered = nullptr; }

void* HashingArena::lend(std::size_t bytes) {
  if (lent_ || bytes > capacity_) return nullptr;
  if (memory_ == nullptr) {
    void* mapped = __real_mmap(nullptr, capacity_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return nullptr;
    madvise(mapped, capacity_, MADV_HUGEPAGE);  // 5 % more hashes where page walks are nested; may be refused
    if (madvise(mapped, capacity_, MADV_DONTDUMP) != 0 || madvise(mapped, capacity_, MADV_WIPEONFORK) != 0) {
      __real_munmap(mapped, capacity_);
      return nullptr;
    }
    memory_ = mapped;
  }
  lent_ = true;
  ++served_;
  return memory_;
}

bool HashingArena::take_back(const void* memory) {
  if (!lent_ || memory != memory_) return false;
  lent_ = false;
  return true;
}

void HashingArena::release() {
  if (memory_ == nullptr) return;
  sodium_memzero(memory_, capacity_);
  __real_munmap(memory_, capacity_);
  memory_ = nullptr;
}

}  // namespace propusk::platform

// NOLINTNEXTLINE: mmap(2) has six parameters
extern "C" void* __wrap_mmap(void* hint, std::size_t bytes, int protection, int flags, int file, off_t offset) {
  using propusk::platform::entered;
  const bool plain_memory = hint == nullptr && (flags & MAP_ANONYMOUS) != 0 && protection == (PROT_READ | PROT_WRITE);
  void* lent = entered != nullptr && plain_memory ? entered->lend(bytes) : nullptr;
  return lent != nullptr ? lent : __real_mmap(hint, bytes, protection, flags, file, offset);
}

extern "C" int __wrap_munmap(void* memory, std::size_t bytes) {  // NOLINT
  using propusk::platform::entered;
  return entered != nullptr && entered->take_back(memory) ? 0 : __real_munmap(memory, bytes);
}
