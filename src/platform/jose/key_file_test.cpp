// The key file: made once, durable, private, and never replaced; what is wrong with another is said in a sentence.
#include "platform/jose/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;
constexpr std::string_view known_hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

class KeyFileTest : public ::testing::Test {
 protected:
  void place(std::string_view text, mode_t mode = 0600) {
    fs::create_directories(path_.parent_path());
    std::ofstream(path_) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  std::string content() {
    std::ifstream in(path_);
    return (std::ostringstream() << in.rdbuf()).str();
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777U : 0;
  }
  /// What the Outage says; "" if there is none.
  std::string refusal() {
    try {
      open_key_file(path_, random_);
      return "";
    } catch (const Outage& outage) {
      return outage.what();
    }
  }
  stores::testing::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "keys" / "sealing.key";
  testing::SeededRandom random_;
};

TEST_F(KeyFileTest, a_missing_file_is_made_private_in_a_private_directory) {
  const mode_t before = ::umask(0);
  const SealingKey key = open_key_file(path_, random_);
  ::umask(before);

  EXPECT_EQ(mode_of(path_), 0600U);
  EXPECT_EQ(mode_of(path_.parent_path()), 0700U);
  EXPECT_EQ(content(), to_hex(key.reveal()) + '\n');
  EXPECT_EQ(std::distance(fs::directory_iterator(path_.parent_path()), fs::directory_iterator()), 1)
      << "nothing else is left there";
}

TEST_F(KeyFileTest, the_same_file_gives_the_same_key_and_is_not_written_again) {
  const SealingKey first = open_key_file(path_, random_);
  const auto written_at = fs::last_write_time(path_);

  EXPECT_EQ(open_key_file(path_, random_), first);
  EXPECT_EQ(fs::last_write_time(path_), written_at);
}

TEST_F(KeyFileTest, a_key_from_elsewhere_is_read_as_it_is) {
  for (const mode_t mode : {0600U, 0400U}) {
    place(std::string(known_hex) + '\n', mode);
    EXPECT_EQ(to_hex(open_key_file(path_, random_).reveal()), known_hex);
    fs::remove(path_);
  }
}

TEST_F(KeyFileTest, a_key_of_a_backup_is_put_there_and_takes_no_others_place) {
  const SealingKey first(random_.bytes<sealing_key_size>()), second(random_.bytes<sealing_key_size>());

  put_key_file(path_, first, random_);
  EXPECT_EQ(mode_of(path_), 0600U);
  put_key_file(path_, second, random_);

  EXPECT_TRUE(open_key_file(path_, random_) == first);
}

TEST_F(KeyFileTest, a_file_that_others_may_touch_is_refused_with_the_command_that_helps) {
  for (const mode_t mode : {0640U, 0620U, 0604U, 0602U, 0666U}) {
    place(std::string(known_hex) + '\n', mode);
    EXPECT_TRUE(refusal().contains("chmod 600 " + path_.string())) << refusal();
    EXPECT_EQ(mode_of(path_), mode) << "whoever opened it up shall know";
    fs::remove(path_);
  }
}

TEST_F(KeyFileTest, a_file_of_somebody_else_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  place(std::string(known_hex) + '\n');
  ASSERT_EQ(::chown(path_.c_str(), 4321, 4321), 0);

  EXPECT_TRUE(refusal().contains("belongs to user 4321")) << refusal();
}

TEST_F(KeyFileTest, anything_but_64_hex_digits_and_a_line_feed_is_refused_and_left_alone) {
  const std::string hex(known_hex);
  for (const std::string& text :
       {std::string(), std::string("\n"), hex, hex + "\r\n", hex + "\n\n", hex + "00\n", hex.substr(2) + '\n',
        hex.substr(1) + "g\n", ' ' + hex.substr(1) + '\n', std::string(100'000, 'a')}) {
    place(text);
    EXPECT_TRUE(refusal().contains("64 hex digits")) << refusal();
    EXPECT_FALSE(refusal().contains(hex.substr(2, 32))) << "the sentence holds no secret";
    EXPECT_EQ(content(), text);
  }
}

TEST_F(KeyFileTest, what_is_no_regular_file_is_refused_at_once) {
  fs::create_directories(path_.parent_path());

  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(refusal().contains("not a regular file")) << refusal();
  fs::remove(path_);

  fs::create_directory(path_);
  EXPECT_TRUE(refusal().contains("not a regular file")) << refusal();
  fs::remove(path_);

  std::ofstream(directory_.path() / "elsewhere") << known_hex << '\n';
  fs::create_symlink(directory_.path() / "elsewhere", path_);
  EXPECT_TRUE(refusal().contains("symbolic link")) << refusal();
  fs::remove(path_);

  fs::create_symlink(directory_.path() / "nowhere", path_);
  EXPECT_TRUE(refusal().contains("symbolic link")) << refusal();
  EXPECT_FALSE(fs::exists(directory_.path() / "nowhere"));
}

TEST_F(KeyFileTest, a_place_where_nothing_can_be_made_is_said) {
  path_ = directory_.path() / "missing" / "keys" / "sealing.key";
  EXPECT_TRUE(refusal().contains("keys cannot be made (No such file or directory)")) << refusal();

  std::ofstream(directory_.path() / "file") << "text";
  path_ = directory_.path() / "file" / "sealing.key";
  EXPECT_TRUE(refusal().contains("sealing.key cannot be opened (Not a directory)")) << refusal();
}

using Pipe = std::array<int, 2>;

/// A process that opens the key file as soon as nobody can write to `start` any more, and writes what it got to `out`.
pid_t opener(const fs::path& path, std::uint64_t seed, const Pipe& start, const Pipe& out) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  char nothing = 0;
  ::close(start[1]);
  static_cast<void>(::read(start[0], &nothing, 1));
  testing::SeededRandom random(seed);
  try {
    const std::string hex = to_hex(open_key_file(path, random).reveal());
    ::_exit(::write(out[1], hex.data(), hex.size()) == static_cast<ssize_t>(hex.size()) ? 0 : 1);
  } catch (const Outage&) {
    ::_exit(2);
  }
}

TEST_F(KeyFileTest, processes_that_make_it_at_once_all_get_the_one_key_that_stays) {
  constexpr std::size_t count = 4;
  for (std::uint64_t round = 0; round < 20; ++round) {
    fs::remove_all(path_.parent_path());
    Pipe start{}, out{};
    ASSERT_EQ(::pipe(start.data()) + ::pipe(out.data()), 0);
    std::vector<pid_t> children;
    for (std::uint64_t i = 0; i < count; ++i) children.push_back(opener(path_, round * count + i, start, out));
    for (const int end : {start[0], start[1], out[1]}) ::close(end);

    for (const pid_t child : children) {
      int status = -1;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0);
    }
    std::string got(count * known_hex.size() + 1, '\0');
    got.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(out[0], got.data(), got.size()), 0)));
    ::close(out[0]);

    std::string expected;
    for (std::size_t i = 0; i < count; ++i) expected += to_hex(open_key_file(path_, random_).reveal());
    EXPECT_EQ(got, expected);
  }
}

}  // namespace
}  // namespace propusk::platform
