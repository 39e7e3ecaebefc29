// Data directories that others read, that their server cannot write, or that lie in memory.
#include <sys/vfs.h>

#include "cli/doctor/testing/seeding.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::Contains;
using ::testing::Each;
using ::testing::Not;

constexpr uid_t somebody = 12'345;

class SeedingDirectory : public Seeding {
 protected:
  void touch(const std::string& name, uid_t owner) {
    const auto path = data() / name;
    std::ofstream(path) << "";
    ASSERT_EQ(::chown(path.c_str(), owner, static_cast<gid_t>(-1)), 0);
  }
};

TEST_F(SeedingDirectory, ADirectoryOfItsOwnersIsFine) {
  make_data_directory();
  EXPECT_THAT(about("directory"), Each(Not(Says(Severity::error, "not its owner", ""))));
  EXPECT_THAT(about("directory"), Not(Contains(Says(Severity::error, "data is open", ""))));
}

TEST_F(SeedingDirectory, ADirectoryThatOthersReadIsFound) {
  for (const mode_t mode : {0755, 0750, 0701}) {
    make_data_directory(mode);
    EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "open to others than its owner", "chmod go= ")));
  }
}

TEST_F(SeedingDirectory, ADirectoryThatItsOwnerCannotWriteIsFound) {
  make_data_directory(0500);
  EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "data is not writable", "chmod u+w ")));
}

TEST_F(SeedingDirectory, FilesThatAnotherUserLeftBehindAreFound) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make files of another user";
  make_data_directory();
  ASSERT_EQ(::chown(data().c_str(), somebody, somebody), 0);
  touch("propusk.db", somebody);
  EXPECT_THAT(about("directory"), Not(Contains(Says(Severity::error, "belongs to user", ""))));
  touch("propusk.db", 0);
  EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "propusk.db belongs to user 0", "chown 12345 ")));
}

TEST_F(SeedingDirectory, AFileInItsPlaceIsNoDirectory) {
  file("data", "");
  EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "is not a directory", "--data")));
}

TEST_F(SeedingDirectory, ADatabaseElsewhereIsGuardedToo) {
  make_data_directory();
  set("store.url=sqlite:" + file("elsewhere.db", "", 0644));
  EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "elsewhere.db is open to others", "chmod go= ")));
}

TEST_F(SeedingDirectory, MemoryKeepsNothing) {
  struct statfs disk{};
  constexpr decltype(disk.f_type) tmpfs = 0x01021994;
  if (::statfs("/dev/shm", &disk) != 0 || disk.f_type != tmpfs) GTEST_SKIP() << "/dev/shm is no tmpfs here";
  set("store.url=sqlite:/dev/shm/propusk-doctor-test.db");  // is not made
  EXPECT_THAT(about("directory"), Contains(Says(Severity::error, "/dev/shm is in memory (tmpfs)", "--data")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
