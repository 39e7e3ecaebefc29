// One event is one line: typed, escaped, without secrets, and never a reason to stop.
#include "platform/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk::platform {
namespace {
using namespace std::string_view_literals;

template <class T>
concept loggable = requires(const T& value) { Field("name", value); };
static_assert(loggable<std::string> && loggable<std::string_view> && loggable<char[4]> && loggable<int> &&
              loggable<bool> && loggable<double>);
static_assert(!loggable<Secret<>> && !loggable<Secret<std::vector<char>>>, "a secret must not be loggable");
static_assert(!loggable<void*> && !loggable<std::optional<std::string>>);

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "propusk-log-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = (folder_ / "log").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return (std::ostringstream() << file.rdbuf()).str();
  }
  [[nodiscard]] std::string content() const { return content(path_); }

  std::filesystem::path folder_;
  std::string path_;
  testing::FakeClock clock_;
};

TEST_F(LogTest, an_event_is_one_json_line_with_typed_fields) {
  Log log({.style = LogStyle::json, .file = path_}, clock_);
  clock_.advance(std::chrono::hours{25} + microseconds{1'002'003});

  log.info("server.started", "listening",
           {{"server.address", "127.0.0.1"},
            {"server.port", std::uint16_t{8080}},
            {"a", -1},
            {"b", true},
            {"c", 0.5},
            {"d", std::string("x")},
            {"e", std::numeric_limits<std::uint64_t>::max()},
            {"f", std::numeric_limits<double>::infinity()}});

  EXPECT_EQ(
      content(),
      R"({"@timestamp":"2026-01-02T01:00:01.002003Z","log.level":"info","event.action":"server.started","message":"listening",)"
      R"("server.address":"127.0.0.1","server.port":8080,"a":-1,"b":true,"c":0.5,"d":"x","e":18446744073709551615,"f":null})"
      "\n");
}

TEST_F(LogTest, people_get_the_time_the_level_and_the_fields) {
  Log log({.style = LogStyle::human, .file = path_}, clock_);

  log.warning("proxy.untrusted", "X-Forwarded-For from a stranger", {{"client.ip", "192.0.2.1"}, {"count", 3}});

  EXPECT_EQ(content(),
            "00:00:00.000 WARN  proxy.untrusted: X-Forwarded-For from a stranger  client.ip=\"192.0.2.1\"  count=3\n");
}

TEST_F(LogTest, no_value_can_forge_a_line_or_talk_to_the_terminal) {
  const std::string_view nasty =
      "a\r\nb\x1b[2J\x7f\t\0\"\\ \xc2\x9b \xe2\x80\xa8\xe2\x80\xae \xf3\xa0\x80\x81 \xff\xc0\xaf é"sv;
  const std::string escaped =
      R"("a\u000d\u000ab\u001b[2J\u007f\u0009\u0000\"\\ \u009b \u2028\u202e \udb40\udc01 \ufffd\ufffd\ufffd é")";
  for (LogStyle style : {LogStyle::json, LogStyle::human}) {
    std::filesystem::remove(path_);
    Log log({.style = style, .file = path_}, clock_);

    log.error(nasty, nasty, {{"value", nasty}});

    const std::string line = content();
    EXPECT_TRUE(line.contains(escaped)) << line;
    EXPECT_EQ(line.find_first_of("\r\x1b\x7f\t"), std::string::npos);
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  }
}

TEST_F(LogTest, long_values_are_cut) {
  Log log({.style = LogStyle::json, .file = path_}, clock_);
  log.info("a", "b", {{"long", std::string(1'000'000, 'x')}});
  EXPECT_TRUE(content().ends_with(":\"" + std::string(1024, 'x') + "\"}\n"));
}

TEST_F(LogTest, levels_below_the_configured_one_are_not_written) {
  Log log({.level = LogLevel::warning, .style = LogStyle::json, .file = path_}, clock_);
  log.debug("a", "");
  log.info("b", "");
  EXPECT_EQ(content(), "");
  log.warning("c", "");
  log.error("d", "");
  EXPECT_TRUE(content().contains(R"("log.level":"warning","event.action":"c")"));
  EXPECT_TRUE(content().contains(R"("log.level":"error","event.action":"d")"));
}

TEST_F(LogTest, a_file_that_is_no_terminal_gets_json) {
  Log log({.file = path_}, clock_);
  log.info("a", "b");
  EXPECT_TRUE(content().starts_with("{"));
}

TEST_F(LogTest, after_rotation_the_file_is_opened_anew) {
  Log log({.file = path_}, clock_);
  log.info("before", "");
  std::filesystem::rename(path_, path_ + ".1");
  log.info("between", "");

  EXPECT_EQ(log.reopen(), std::nullopt);
  log.info("after", "");

  EXPECT_TRUE(content(path_ + ".1").contains("before") && content(path_ + ".1").contains("between"));
  EXPECT_TRUE(content().contains("after"));
  EXPECT_FALSE(content().contains("between"));
}

TEST_F(LogTest, a_reopening_that_fails_keeps_the_old_file) {
  std::filesystem::create_directory(folder_ / "sub");
  const std::string path = (folder_ / "sub" / "log").string();
  Log log({.file = path}, clock_);
  std::filesystem::rename(folder_ / "sub", folder_ / "moved");
  std::ofstream(folder_ / "sub") << "a file where the folder was";

  EXPECT_NE(log.reopen(), std::nullopt);
  log.info("still.here", "");

  EXPECT_TRUE(content((folder_ / "moved" / "log").string()).contains("still.here"));
}

TEST_F(LogTest, a_full_disk_costs_lines_and_nothing_else) {
  Log log({.file = "/dev/full"}, clock_);
  for (int i = 0; i < 100; ++i) log.info("lost", "line");
  EXPECT_EQ(log.lost_lines(), 100U);
}

TEST_F(LogTest, a_file_that_cannot_be_opened_is_an_outage_at_start) {
  EXPECT_THROW(Log({.file = folder_.string()}, clock_), Outage);
}

TEST_F(LogTest, lines_of_many_threads_do_not_mix) {
  Log log({.file = path_}, clock_);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&log] {
        for (int i = 0; i < 200; ++i) log.info("a", "b", {{"text", "0123456789"}});
      });
    for (int i = 0; i < 20; ++i) log.reopen();
  }

  std::istringstream lines(content());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    ASSERT_TRUE(line.starts_with("{\"@") && line.ends_with("9\"}")) << line;
  EXPECT_EQ(count, 800);
}

}  // namespace
}  // namespace propusk::platform
