// The arena changes the speed of a hash and nothing else, and its memory stays out of dumps and children.
#include "platform/hashing_arena.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/bug.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/argon2.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t mebibyte = 1 << 20;

std::string hash_in(HashingArena& arena, std::string_view password, const Argon2Cost& cost, const Argon2Salt& salt) {
  HashingArena::Scope scope(arena);
  return hash_argon2(Secret<>(std::string(password)), cost, salt);
}

/// The kernel's flags of the mapping that begins at `memory` (proc(5), smaps, VmFlags).
std::string mapping_flags(const void* memory) {
  std::ifstream file("/proc/self/smaps");
  std::ostringstream start;
  start << std::hex << reinterpret_cast<std::uintptr_t>(memory) << '-';
  bool found = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(start.str())) found = true;
    if (found && line.starts_with("VmFlags:")) return line;
  }
  return "";
}

TEST(HashingArena, its_hashes_are_those_of_plain_libsodium) {
  testing::SeededRandom random;
  HashingArena arena(Argon2Cost{}.bytes());
  std::uint64_t hashes = 0;

  for (const Argon2Cost cost :
       {Argon2Cost{8, 1}, Argon2Cost{8, 2}, Argon2Cost{9, 1}, Argon2Cost{63, 3}, Argon2Cost{1024, 1}, Argon2Cost{}}) {
    for (int i = 0; i < 4; ++i) {
      const auto salt = random.bytes<16>();
      const std::string password = random.text("abcdefgh", 1 + random.below(80));
      ASSERT_EQ(hash_in(arena, password, cost, salt), hash_argon2(Secret<>(password), cost, salt)) << cost.memory_kib;
      ASSERT_EQ(arena.served(), ++hashes) << "the wrapper is not linked in";
    }
  }
}

TEST(HashingArena, more_than_its_capacity_is_plain_memory) {
  HashingArena arena(Argon2Cost{64, 1}.bytes());
  const Argon2Cost larger{65 + 4, 1};

  EXPECT_EQ(hash_in(arena, "x", larger, {}), hash_argon2(Secret<>(std::string("x")), larger, {}));
  EXPECT_EQ(arena.served(), 0U);
  EXPECT_FALSE(arena.is_mapped());
}

TEST(HashingArena, it_lends_once_and_only_what_fits) {
  HashingArena arena(mebibyte);
  EXPECT_EQ(arena.lend(mebibyte + 1), nullptr);

  void* lent = arena.lend(mebibyte);

  ASSERT_NE(lent, nullptr);
  EXPECT_EQ(arena.lend(1), nullptr);
  EXPECT_FALSE(arena.take_back(static_cast<char*>(lent) + 1));
  EXPECT_TRUE(arena.take_back(lent));
  EXPECT_FALSE(arena.take_back(lent));
  EXPECT_EQ(arena.lend(1), lent);
  EXPECT_TRUE(arena.take_back(lent));
}

TEST(HashingArena, outside_a_scope_mappings_are_the_kernels) {
  HashingArena arena(mebibyte);

  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  EXPECT_EQ(munmap(memory, 4096), 0);
  {
    HashingArena::Scope scope(arena);
    void* readable = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(munmap(readable, 4096), 0);
    EXPECT_THROW(HashingArena::Scope nested(arena), Bug);
  }

  EXPECT_EQ(arena.served(), 0U);
}

TEST(HashingArena, released_memory_is_mapped_anew_at_the_next_use) {
  HashingArena arena(Argon2Cost{64, 1}.bytes());
  const std::string first = hash_in(arena, "x", {64, 1}, {});
  ASSERT_TRUE(arena.is_mapped());

  arena.release();

  EXPECT_FALSE(arena.is_mapped());
  EXPECT_EQ(hash_in(arena, "x", {64, 1}, {}), first);
  EXPECT_EQ(arena.served(), 2U);
}

TEST(HashingArena, it_is_left_out_of_core_dumps_and_reads_as_zeros_in_a_child) {
  HashingArena arena(mebibyte);
  auto* memory = static_cast<unsigned char*>(arena.lend(mebibyte));
  ASSERT_NE(memory, nullptr);
  std::memset(memory, 0x5a, mebibyte);

  const pid_t child = fork();
  if (child == 0) _exit(std::all_of(memory, memory + mebibyte, [](unsigned char byte) { return byte == 0; }) ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);

  EXPECT_EQ(status, 0);
  EXPECT_EQ(memory[mebibyte - 1], 0x5a);
  const std::string flags = mapping_flags(memory);
  EXPECT_TRUE(flags.contains(" dd")) << flags;
  EXPECT_TRUE(flags.contains(" wf")) << flags;
  arena.take_back(memory);
}

}  // namespace
}  // namespace propusk::platform
