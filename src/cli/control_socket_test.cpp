// The control socket against good, slow, silent, oversized and garbage peers, and its frames.
#include "cli/control_socket.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "base/outage.hpp"
#include "cli/control_client.hpp"
#include "cli/control_frame.hpp"
#include "stores/contract/temporary_directory.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Task<json::object> echo(json::object request, unsigned uid) {
  if (request.contains("huge")) co_return json::object{{"huge", std::string(2 * frame_limit, 'x')}};
  co_return json::object{{"request", request}, {"uid", uid}};
}

/// The lines about refused peers; a test waits for as many as it expects.
class Refusals {
 public:
  void add(std::string_view line) {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
    changed_.notify_all();
  }
  std::vector<std::string> await(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

/// A control socket on a thread of its own, as in the server.
class ControlSocketTest : public ::testing::Test {
 protected:
  void start(ControlSettings settings) {
    settings.path = path;
    socket =
        std::make_unique<ControlSocket>(context, settings, echo, [this](std::string_view line) { refusals.add(line); });
    thread = std::thread([this] { context.run(); });
  }
  void TearDown() override {
    context.stop();
    if (thread.joinable()) thread.join();
    socket.reset();
  }

  /// A connected peer that speaks no protocol of its own.
  [[nodiscard]] int connect() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.string().size());
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << std::strerror(errno);
    return fd;
  }
  /// True if the server ends the connection without an answer, within ten seconds.
  static bool is_ended(int fd) {
    pollfd wait{fd, POLLIN, 0};
    char byte = 0;
    return ::poll(&wait, 1, 10'000) == 1 && ::recv(fd, &byte, 1, 0) <= 0;
  }

  stores::testing::TemporaryDirectory directory;
  std::filesystem::path path = directory.path() / "control.sock";
  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> alive{context.get_executor()};
  Refusals refusals;
  std::unique_ptr<ControlSocket> socket;
  std::thread thread;
};

TEST_F(ControlSocketTest, AnswersARequestAndNamesThePeer) {
  start({});

  const auto answer = ask_server(path, {{"verb", "x"}, {"text", "привет"}}, 10s);

  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(json::serialize(answer->at("request")), R"({"verb":"x","text":"привет"})");
  EXPECT_EQ(answer->at("uid").to_number<unsigned>(), ::geteuid());
}

TEST_F(ControlSocketTest, TheFileIsForItsOwnerAlone) {
  start({});

  struct stat found{};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".new"));
}

TEST_F(ControlSocketTest, AStaleSocketFileIsReplacedAndTheOwnOneRemovedAtTheEnd) {
  {
    boost::asio::io_context dead;
    const ControlSocket abandoned(dead, {.path = path}, echo, [](std::string_view) {});
    ASSERT_EQ(::link(path.c_str(), (path.string() + ".kept").c_str()), 0);
  }
  std::filesystem::rename(path.string() + ".kept", path);  // as a killed server leaves it

  start({});
  EXPECT_TRUE(ask_server(path, {{"verb", "x"}}, 10s));

  TearDown();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ControlSocketTest, GarbageIsCutAndToldToTheLog) {
  start({});
  for (const std::string_view garbage :
       {std::string_view("\xff\xff\xff\xff", 4), std::string_view("\x00\x10\x00\x01", 4),
        std::string_view("\0\0\0\2[]", 6), std::string_view("\0\0\0\3{\"a", 7), std::string_view("\0\0\0\0", 4)}) {
    const int fd = connect();
    ASSERT_EQ(::send(fd, garbage.data(), garbage.size(), MSG_NOSIGNAL), static_cast<ssize_t>(garbage.size()));
    EXPECT_TRUE(is_ended(fd));
    ::close(fd);
  }
  EXPECT_EQ(refusals.await(5).size(), 5u);
  EXPECT_TRUE(ask_server(path, {{"verb", "x"}}, 10s)) << "others are still served";
}

TEST_F(ControlSocketTest, ASlowPeerIsCutByItsDeadlineWhileOthersAreServed) {
  start({.path = {}, .request_deadline = 200ms});

  const int slow = connect();
  ASSERT_EQ(::send(slow, "\0\0", 2, MSG_NOSIGNAL), 2);
  EXPECT_TRUE(ask_server(path, {{"verb", "x"}}, 10s));

  EXPECT_TRUE(is_ended(slow));
  EXPECT_THAT(refusals.await(1), ElementsAre(HasSubstr("in time")));
  ::close(slow);
}

TEST_F(ControlSocketTest, APeerThatNeverReadsIsCutByTheAnswersDeadline) {
  start({.path = {}, .answer_deadline = 200ms, .connections = 1});
  const std::string text(frame_limit - 1000, 'x');
  const auto frame = make_frame({{"text", text}});
  const int deaf = connect();
  std::string_view rest = frame->reveal();
  while (!rest.empty()) {
    const auto sent = ::send(deaf, rest.data(), rest.size(), MSG_NOSIGNAL);
    ASSERT_GT(sent, 0);
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }

  bool is_served_again = false;
  for (int attempt = 0; attempt < 100 && !is_served_again; ++attempt) {
    is_served_again = ask_server(path, {{"verb", "x"}}, 10s).has_value();
    if (!is_served_again) ::poll(nullptr, 0, 50);  // the one place is taken until the deadline
  }
  EXPECT_TRUE(is_served_again);
  ::close(deaf);
}

TEST_F(ControlSocketTest, MoreConnectionsThanAllowedAreTurnedAway) {
  start({.path = {}, .connections = 2});

  const int first = connect(), second = connect(), third = connect();

  EXPECT_TRUE(is_ended(third));
  EXPECT_THAT(refusals.await(1), ElementsAre(HasSubstr("2 connections are open already")));
  for (const int fd : {first, second, third}) ::close(fd);
}

TEST_F(ControlSocketTest, AnAnswerThatIsTooLongBecomesASentence) {
  start({});

  const auto answer = ask_server(path, {{"huge", true}}, 10s);

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("failure").as_string(), "outage");
}

TEST_F(ControlSocketTest, AnotherUserIsTurnedAwayUnreadSkippedUnlessRootMayBecomeSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  start({});
  ::chmod(path.c_str(), 0666);
  ::chmod(directory.path().c_str(), 0755);

  const pid_t child = ::fork();
  if (child == 0) {
    const bool became_nobody = ::setresuid(65534, 65534, 65534) == 0;
    const int fd = became_nobody ? connect() : -1;
    ::_exit(fd >= 0 && is_ended(fd) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_EQ(status, 0);
  EXPECT_THAT(refusals.await(1), ElementsAre(StartsWith("control socket: uid 65534 is neither root")));
}

TEST_F(ControlSocketTest, NobodyListeningIsASentence) {
  const auto answer = ask_server(path, {{"verb", "x"}}, 1s);

  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error(), StartsWith("the server does not answer at " + path.string() + ": "));
}

TEST(ControlSocket, APathThatIsTooLongIsASentence) {
  boost::asio::io_context context;
  EXPECT_THROW(ControlSocket(context, {.path = "/tmp/" + std::string(120, 'x') + "/control.sock"}, echo,
                             [](std::string_view) {}),
               Outage);
}

TEST(ControlFrame, ReadsBackWhatItWrote) {
  const auto bytes = make_frame({{"a", 1}});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->reveal(), std::string_view("\0\0\0\7{\"a\":1}", 11));

  const auto frame = parse_frame(bytes->reveal() + "rest");

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->size, 11u);
  EXPECT_EQ(json::serialize(frame->content), R"({"a":1})");
}

TEST(ControlFrame, SaysWhyThereIsNoFrame) {
  const auto problem = [](std::string_view bytes) { return parse_frame(bytes).error(); };
  EXPECT_EQ(problem(""), FrameProblem::incomplete);
  EXPECT_EQ(problem({"\0\0\0", 3}), FrameProblem::incomplete);
  EXPECT_EQ(problem({"\0\0\0\3{}", 6}), FrameProblem::incomplete);
  EXPECT_EQ(problem({"\0\x10\0\1", 4}), FrameProblem::too_long);
  EXPECT_EQ(problem({"\0\0\0\0", 4}), FrameProblem::not_an_object);
  EXPECT_EQ(problem({"\0\0\0\2[]", 6}), FrameProblem::not_an_object);
  EXPECT_EQ(problem({"\0\0\0\4{}{}", 8}), FrameProblem::not_an_object);
  EXPECT_EQ(problem({"\0\0\0\7{\"\xff\":1}", 11}), FrameProblem::not_an_object);
  const std::string deep = "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}";
  EXPECT_EQ(problem(std::string("\0\0\1\x96", 4) + deep), FrameProblem::not_an_object);
  EXPECT_EQ(make_frame({{"a", std::string(frame_limit, 'x')}}).error(), FrameProblem::too_long);
}

}  // namespace
}  // namespace propusk::cli
