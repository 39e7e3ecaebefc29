// The data directory: private, owned by one at a time, and clear about what is wrong.
#include "stores/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "stores/contract/temporary_directory.hpp"

namespace propusk::stores {
namespace {
using Why = DirectoryRefused::Why;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
}

TEST(DataDirectoryTest, a_missing_directory_is_created_private) {
  testing::TemporaryDirectory place;
  const auto path = place.path() / "nested" / "data";

  const auto taken = DataDirectory::take(path);

  ASSERT_TRUE(taken) << taken.error().sentence;
  EXPECT_EQ(taken->path(), path);
  EXPECT_EQ(mode_of(path), 0700U);
  EXPECT_EQ(mode_of(path / "lock"), 0600U);
}

TEST(DataDirectoryTest, only_one_owner_at_a_time) {
  testing::TemporaryDirectory place;
  auto owner = DataDirectory::take(place.path());
  ASSERT_TRUE(owner);

  const auto second = DataDirectory::take(place.path());
  {
    const auto released = std::move(*owner);
  }
  const auto third = DataDirectory::take(place.path());

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().why, Why::held);
  EXPECT_TRUE(third);
}

TEST(DataDirectoryTest, what_is_not_a_directory_is_named_so) {
  testing::TemporaryDirectory place;
  const auto file = place.path() / "file";
  std::ofstream(file) << "text";

  const auto refused = DataDirectory::take(file);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, Why::unusable);
  EXPECT_NE(refused.error().sentence.find("is not a directory"), std::string::npos) << refused.error().sentence;
}

TEST(DataDirectoryTest, a_place_that_cannot_be_created_says_why) {
  const auto refused = DataDirectory::take("/proc/propusk-data");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, Why::unusable);
  EXPECT_NE(refused.error().sentence.find("cannot be created"), std::string::npos) << refused.error().sentence;
}

}  // namespace
}  // namespace propusk::stores
