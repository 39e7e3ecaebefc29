// The comparison answers as == does, for contents with NUL and for unequal lengths.
#include "base/constant_time.hpp"

#include <gtest/gtest.h>

namespace propusk {
namespace {
using namespace std::string_view_literals;

TEST(ConstantTime, equal_means_equal_length_and_bytes) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("token", "token"));
  EXPECT_TRUE(equal_in_constant_time("a\0b"sv, "a\0b"sv));
  EXPECT_FALSE(equal_in_constant_time("a\0b"sv, "a\0c"sv));
  EXPECT_FALSE(equal_in_constant_time("token", "tokeN"));
  EXPECT_FALSE(equal_in_constant_time("token", "Token"));
  EXPECT_FALSE(equal_in_constant_time("token", "token "));
  EXPECT_FALSE(equal_in_constant_time("", "t"));
}

}  // namespace
}  // namespace propusk
