// Secrets leave no copy behind: after a move, an assignment and destruction the memory holds zeros.
#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstring>
#include <memory>
#include <new>
#include <ostream>
#include <vector>

namespace propusk {
namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(printable<std::string>);
static_assert(!printable<Secret<>>);
static_assert(!std::convertible_to<Secret<>, std::string>);
static_assert(!std::convertible_to<Secret<>, std::string_view>);
static_assert(!std::convertible_to<std::string, Secret<>>, "a secret is made on purpose");

bool holds(const void* memory, std::size_t size, std::string_view needle) {
  const std::string_view bytes(static_cast<const char*>(memory), size);
  return bytes.find(needle) != std::string_view::npos;
}

/// Counts freed bytes that were not zero: what a reader of freed memory would find.
template <class T>
struct CheckingAllocator {
  using value_type = T;
  std::shared_ptr<std::size_t> dirty = std::make_shared<std::size_t>(0);
  CheckingAllocator() = default;
  template <class U>
  CheckingAllocator(const CheckingAllocator<U>& other) : dirty(other.dirty) {}  // NOLINT: as allocators convert
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    *dirty += static_cast<std::size_t>(std::count_if(memory, memory + count, [](T value) { return value != T{}; }));
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const CheckingAllocator& a, const CheckingAllocator& b) { return a.dirty == b.dirty; }
};
using CheckedBytes = std::vector<char, CheckingAllocator<char>>;

TEST(Secret, a_moved_from_secret_holds_nothing_even_when_it_was_short) {
  Secret<> source(std::string("hunter2"));
  ASSERT_TRUE(holds(&source, sizeof source, "hunter2"));

  Secret<> target(std::move(source));

  EXPECT_EQ(target.reveal(), "hunter2");
  EXPECT_FALSE(holds(&source, sizeof source, "unter2"));  // NOLINT: what is left after the move is the point
  Secret<> assigned;
  assigned = std::move(target);
  EXPECT_EQ(assigned.reveal(), "hunter2");
  EXPECT_FALSE(holds(&target, sizeof target, "unter2"));  // NOLINT: the same
}

TEST(Secret, a_long_secret_is_gone_from_its_buffer_when_a_shorter_one_replaces_it) {
  Secret<> secret(std::string(40, 'x'));
  const Secret<> shorter(std::string("y"));

  secret = shorter;

  ASSERT_EQ(secret.reveal(), "y");
  EXPECT_FALSE(holds(secret.reveal().data(), secret.reveal().capacity(), "x"));
}

TEST(Secret, destruction_wipes_a_short_secret_in_place) {
  alignas(Secret<>) std::array<char, sizeof(Secret<>)> place{};
  auto* secret = new (place.data()) Secret<>(std::string("hunter2"));
  ASSERT_TRUE(holds(place.data(), place.size(), "hunter2"));

  secret->~Secret();

  EXPECT_FALSE(holds(place.data(), place.size(), "unter2"));
}

TEST(Secret, freed_memory_was_wiped_after_destruction_copy_and_assignment) {
  CheckingAllocator<char> allocator;
  {
    CheckedBytes control(100, 'x', allocator);
  }
  ASSERT_EQ(*allocator.dirty, 100U) << "the check can fail";
  *allocator.dirty = 0;

  {
    Secret<CheckedBytes> first(CheckedBytes(100, 'a', allocator)), second(CheckedBytes(200, 'b', allocator));
    Secret<CheckedBytes> copy(first);
    copy = second;
    second = std::move(first);
    EXPECT_EQ(copy.reveal().size(), 200U);
    EXPECT_EQ(second.reveal().size(), 100U);
  }

  EXPECT_EQ(*allocator.dirty, 0U);
}

TEST(Secret, self_assignment_keeps_the_value) {
  Secret<> secret(std::string("hunter2"));
  auto& same = secret;
  secret = same;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(Secret, comparison_is_of_length_and_bytes) {
  EXPECT_EQ(Secret<>(std::string("a")), Secret<>(std::string("a")));
  EXPECT_NE(Secret<>(std::string("a")), Secret<>(std::string("b")));
  EXPECT_NE(Secret<>(std::string("a")), Secret<>(std::string("aa")));
  EXPECT_EQ(Secret<>(), Secret<>());
}

}  // namespace
}  // namespace propusk
