// Whom a file's mode lets read it, asked by root for the user that runs the server.
#include "cli/doctor/file_access.hpp"

#include <gmock/gmock.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace propusk::cli::doctor {
namespace {
constexpr gid_t some_group = 12'345;
constexpr uid_t nameless = 12'345;

class FileAccess : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    const struct passwd* found = ::getpwnam("nobody");
    if (found == nullptr || ::getpwuid(nameless) != nullptr) GTEST_SKIP() << "other users than usual";
    user = found->pw_uid;
    group = found->pw_gid;
    std::ofstream(file) << "";
  }
  [[nodiscard]] bool reads(uid_t owner, gid_t of, mode_t mode) const {
    EXPECT_EQ(::chown(file.c_str(), owner, of), 0);
    EXPECT_EQ(::chmod(file.c_str(), mode), 0);
    return !why_unreadable(file, user);
  }

  const propusk::testing::TemporaryDirectory home;
  const std::filesystem::path file = home.path() / "key.pem";
  uid_t user = 0;
  gid_t group = 0;
};

TEST_F(FileAccess, AGroupCountsOnlyIfItIsTheUsers) {
  EXPECT_TRUE(reads(0, group, 0640));
  EXPECT_FALSE(reads(0, some_group, 0640));
  EXPECT_FALSE(reads(0, 0, 0640));
  EXPECT_TRUE(reads(0, some_group, 0644));
}

TEST_F(FileAccess, TheKernelAsksOneClassAlone) {
  EXPECT_FALSE(reads(0, group, 0604));
  EXPECT_FALSE(reads(user, some_group, 0044));
  EXPECT_TRUE(reads(user, some_group, 0400));
}

TEST_F(FileAccess, OfAUserWithoutANameNoGroupIsKnown) {
  EXPECT_FALSE(reads(0, some_group, 0640));
  EXPECT_FALSE(why_unreadable(file, nameless)) << "it may be theirs";
  EXPECT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(why_unreadable(file, nameless));
}

}  // namespace
}  // namespace propusk::cli::doctor
