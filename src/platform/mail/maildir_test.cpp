// Messages in a directory: durable before anybody is told, never half-written, one file per letter.
#include "platform/mail/maildir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "base/outage.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;
using Outcome = core::Delivery::Outcome;

// What the calls below did; each test begins with a new one. Calls are plain functions, so that it cannot be a capture.
struct Disk {
  std::vector<std::string> calls;
  std::string fails;  ///< the call that fails as on a full disk
};
thread_local constinit Disk* disk = nullptr;

bool fails(const char* call) {
  disk->calls.emplace_back(call);
  if (disk->fails != call) return false;
  errno = ENOSPC;
  return true;
}
ssize_t watched_write(int file, const void* bytes, std::size_t size) {
  return fails("write") ? -1 : ::write(file, bytes, std::min<std::size_t>(size, 7));  // short writes happen
}
int watched_fsync(int file) {
  struct stat status{};
  ::fstat(file, &status);
  return fails(S_ISDIR(status.st_mode) ? "fsync directory" : "fsync file") ? -1 : 0;
}
int watched_rename(const char* from, const char* to) { return fails("rename") ? -1 : std::rename(from, to); }
constexpr MaildirCalls watched{watched_write, watched_fsync, watched_rename};

Task<void> send_into(Transport& transport, OutgoingMail mail, std::optional<core::Delivery>& result) {
  result = co_await transport.send(mail, Deadline::max());
}

class MaildirTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "propusk-maildir-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = fs::path(pattern) / "mail";
    disk = &disk_;
  }
  void TearDown() override {
    disk = nullptr;
    fs::remove_all(folder_.parent_path());
  }
  core::Delivery send(Transport& transport, std::string bytes) {
    boost::asio::io_context context;
    std::optional<core::Delivery> result;
    OutgoingMail mail;
    mail.id = "00000000000000ff";
    mail.bytes = std::move(bytes);
    mail.created_at = instant(1'767'225'600'000'000);
    boost::asio::co_spawn(context, send_into(transport, std::move(mail), result), boost::asio::detached);
    context.run();
    return result.value();
  }
  std::vector<std::string> files(const char* part) {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_ / part)) names.push_back(file.path().filename());
    return names;
  }
  std::string content(const fs::path& file) {
    std::ifstream in(folder_ / file);
    return (std::ostringstream() << in.rdbuf()).str();
  }
  fs::path folder_;
  Disk disk_;
};

TEST_F(MaildirTest, a_message_lies_in_new_with_unix_lines_for_its_owner_alone) {
  Maildir maildir(folder_);
  EXPECT_EQ(send(maildir, "A: b\r\n\r\nc\rd\r\n").outcome, Outcome::accepted);
  EXPECT_EQ(files("new"), std::vector<std::string>{"1767225600.00000000000000ff.propusk"});
  EXPECT_EQ(content("new/1767225600.00000000000000ff.propusk"), "A: b\n\nc\rd\n");
  EXPECT_TRUE(files("tmp").empty());
  struct stat status{};
  ASSERT_EQ(::stat((folder_ / "new" / files("new").front()).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat((folder_ / "new").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST_F(MaildirTest, another_attempt_replaces_the_file_of_the_last) {
  Maildir maildir(folder_);
  send(maildir, "first\r\n");
  send(maildir, "second\r\n");
  ASSERT_EQ(files("new").size(), 1U);
  EXPECT_EQ(content("new/" + files("new").front()), "second\n");
}

TEST_F(MaildirTest, the_file_is_durable_before_its_name_and_the_name_before_the_answer) {
  Maildir maildir(folder_, watched);
  disk_.calls.clear();
  EXPECT_EQ(send(maildir, "123456789\r\n").outcome, Outcome::accepted);
  EXPECT_EQ(disk_.calls, (std::vector<std::string>{"write", "write", "fsync file", "rename", "fsync directory"}));
  EXPECT_EQ(content("new/" + files("new").front()), "123456789\n");
}

TEST_F(MaildirTest, a_full_disk_delays_and_leaves_nothing_half_written) {
  for (const char* call : {"write", "fsync file", "rename"}) {
    Maildir maildir(folder_, watched);
    disk_.fails = call;
    const core::Delivery delivery = send(maildir, "123456789\r\n");
    EXPECT_EQ(delivery.outcome, Outcome::delayed) << call;
    EXPECT_TRUE(delivery.answer.contains("No space left")) << delivery.answer;
    EXPECT_TRUE(files("new").empty() && files("tmp").empty()) << call;
    disk_.fails = "";
  }
}

TEST_F(MaildirTest, a_directory_that_cannot_be_synced_is_not_accepted) {
  Maildir maildir(folder_, watched);
  disk_.fails = "fsync directory";
  EXPECT_EQ(send(maildir, "x\r\n").outcome, Outcome::delayed);
}

TEST_F(MaildirTest, a_directory_that_cannot_be_made_is_an_outage) {
  EXPECT_THROW(Maildir(folder_ / "missing" / "mail"), Outage);
}

}  // namespace
}  // namespace propusk::platform
