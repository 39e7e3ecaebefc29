// Commands as a person or a script meets them: standard input and output, terminal, exit codes.
#include "cli/run.hpp"

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <fstream>
#include <thread>

#include "cli/control_socket.hpp"
#include "cli/operations.hpp"
#include "cli/rendering.hpp"
#include "cli/testing/run_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(Run, ServeGetsItsSettings) {
  EXPECT_EQ(run({"serve", "--listen", "127.0.0.1:0", "--dev"}), done);

  ASSERT_TRUE(served);
  EXPECT_TRUE(served->dev);
  EXPECT_EQ(served->data_directory, directory.path());
  EXPECT_EQ(served->configuration.settings.server.listen.port, 0);
}

TEST_F(Run, AnUnsoundConfigurationIsUsageAndNothingIsStarted) {
  variables = {"PROPUSK_LOG__LEVEL=loud"};

  EXPECT_EQ(run({"serve", "--listen", "0.0.0.0:80"}), usage);

  EXPECT_FALSE(served);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("environment PROPUSK_LOG__LEVEL: log.level"),
                               HasSubstr("--listen: server.listen = \"0.0.0.0:80\"")));
  EXPECT_EQ(run({"serve", "--config", "/nowhere/propusk.toml"}), usage);
  EXPECT_THAT(err.str(), HasSubstr("/nowhere/propusk.toml: the file cannot be read"));
  EXPECT_EQ(run({"serve", "--config", "/"}), usage);  // a directory
}

TEST_F(Run, DevelopmentModeIsForThisMachineAlone) {
  EXPECT_EQ(run({"serve", "--dev", "--listen", "0.0.0.0:0", "--set", "server.public_origin=https://id.example.org",
                 "--set", "server.trusted_proxies=10.0.0.1"}),
            usage);
  EXPECT_FALSE(served);
  EXPECT_THAT(err.str(), HasSubstr("--dev shows every mail"));
}

TEST_F(Run, AnAccountIsCreatedWithAPasswordFromStandardInput) {
  pipe_in("correct horse\r\nrest");
  answers = {R"({"result":{"id":5,"username":"ann","email":"a@b.c","last_sign_in_at":null}})"};

  EXPECT_EQ(run({"account", "create", "ann", "--email", "a@b.c"}), done);

  EXPECT_THAT(requests,
              ElementsAre(R"({"verb":"account.create","username":"ann","email":"a@b.c","password":"correct horse"})"));
  EXPECT_EQ(out.str(), "id: 5\nusername: ann\nemail: a@b.c\nlast_sign_in_at: -\n");
  EXPECT_TRUE(opened->may_create);
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(Run, WithoutAPasswordNothingIsAsked) {
  pipe_in("\n");
  EXPECT_EQ(run({"account", "set-password", "ann"}), usage);
  EXPECT_EQ(err.str(), "propusk: no password was given\n");
  ::close(input);
  pipe_in(std::string(4097, 'x'));
  EXPECT_EQ(run({"account", "set-password", "ann"}), usage);
  EXPECT_THAT(err.str(), HasSubstr("longer than 4096 bytes"));
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(Run, ATerminalIsAskedTwiceWithoutEcho) {
  int terminal = -1;
  ASSERT_EQ(::openpty(&terminal, &input, nullptr, nullptr, nullptr), 0);
  answers = {R"({"result":{"username":"ann"}})"};
  // tcsetattr() throws away what was typed before the prompt, so the person types once echo is off.
  const auto type = [&](std::string_view text) {
    return std::jthread([terminal, line = std::string(text)] {
      termios state{};
      do ::tcgetattr(terminal, &state);
      while ((state.c_lflag & static_cast<tcflag_t>(ECHO)) != 0);
      EXPECT_EQ(::write(terminal, line.data(), line.size()), static_cast<ssize_t>(line.size()));
    });
  };

  {
    const auto person = type("correct horse\ncorrect horse\n");
    EXPECT_EQ(run({"account", "set-password", "ann"}), done);
  }
  EXPECT_THAT(requests, ElementsAre(HasSubstr(R"("password":"correct horse")")));
  EXPECT_EQ(err.str(), "Password: \nAgain: \nann has the new password; its sessions are ended\n");
  termios state{};
  ::tcgetattr(input, &state);
  EXPECT_NE(state.c_lflag & static_cast<tcflag_t>(ECHO), 0u) << "echo is on again";

  {
    const auto person = type("correct horse\nanother horse\n");
    EXPECT_EQ(run({"account", "set-password", "ann"}), usage);
  }
  EXPECT_THAT(err.str(), HasSubstr("the two entries differ"));
  ::close(terminal);
}

TEST_F(Run, FailuresHaveTheirExitCodes) {
  answers = {R"({"failure":"refused","reasons":["account_unknown"],"message":"there is no such account"})",
             R"({"failure":"outage","reasons":[],"message":"store: disk full"})",
             R"({"failure":"malformed","reasons":[],"message":"name the session"})",
             R"({"failure":"refused","reasons":["account_unknown"],"message":"there is no such account"})",
             R"({"result":{"sessions":5}})"};

  EXPECT_EQ(run({"account", "show", "ann"}), refused);
  EXPECT_EQ(err.str(), "propusk: there is no such account\n");
  EXPECT_EQ(run({"account", "show", "ann"}), unreachable);
  EXPECT_EQ(run({"session", "revoke", "ann", "0"}), usage);
  EXPECT_EQ(run({"account", "show", "ann", "--json"}), refused);
  EXPECT_EQ(json::parse(err.str()).at("reasons").as_array().at(0), "account_unknown");
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(run({"session", "list", "ann"}), unreachable);
  EXPECT_THAT(err.str(), HasSubstr("not understood"));

  refused_to_open = NotOpened{.is_taken = false, .why = "the disk is on fire"};
  EXPECT_EQ(run({"account", "show", "ann"}), unreachable);
  EXPECT_EQ(err.str(), "propusk: the disk is on fire\n");
}

TEST_F(Run, ATakenDirectoryIsReachedThroughItsServer) {
  refused_to_open = NotOpened{.is_taken = true, .why = ""};
  EXPECT_EQ(run({"account", "show", "ann"}), unreachable);
  EXPECT_THAT(err.str(), AllOf(HasSubstr("control.sock"), HasSubstr("another process holds its lock")));

  boost::asio::io_context context;
  const auto answer = [](json::object request, unsigned) -> Task<json::object> {
    co_return json::object{{"result", {{"asked", request.at("verb")}}}};
  };
  const ControlSocket socket(context, {.path = directory.path() / "control.sock"}, answer, [](std::string_view) {});
  const std::jthread server([&] { context.run(); });
  EXPECT_EQ(run({"account", "show", "ann"}), done);
  EXPECT_EQ(out.str(), "asked: account.show\n");
  context.stop();
}

TEST_F(Run, VersionAndConfigurationArePrinted) {
  EXPECT_EQ(run_as_is({"version", "--json"}), done);
  EXPECT_TRUE(json::parse(out.str()).as_object().contains("version"));

  out.str("");
  std::ofstream(directory.path() / "a.toml") << "[server]\nsite_name = \"Door\"\n";
  const std::string file = (directory.path() / "a.toml").string();
  EXPECT_EQ(run_as_is({"config", "print", "--config", file.c_str(), "--set", "log.level=debug"}), done);
  EXPECT_THAT(out.str(), AllOf(HasSubstr(file + ":2:1\n"), HasSubstr("Door"), HasSubstr("--set\n")));

  out.str("");
  EXPECT_EQ(run_as_is({"config", "reference", "--json"}), done);
  EXPECT_EQ(json::parse(out.str()).as_array().at(0).at("environment"), "PROPUSK_SERVER__LISTEN");
}

TEST_F(Run, TheDoctorGetsWhatCanBeReadAndItsFindingsAreTheExitCode) {
  told = {{"mail", fine("sent nowhere")}};
  EXPECT_EQ(
      run({"doctor", "--config", "/nowhere/propusk.toml", "--set", "log.level=loud", "--set", "server.site_name=Door"}),
      done);
  ASSERT_TRUE(examined);
  EXPECT_EQ(examined->configuration.problems.size(), 2u);
  EXPECT_EQ(examined->settings().server.site_name, "Door");
  EXPECT_EQ(examined->data_directory, directory.path());
  EXPECT_EQ(out.str(), "ok       mail           sent nowhere\n");

  told.push_back({"store", warning("a\x1b[31m b", "do c")});
  EXPECT_EQ(run({"doctor"}), refused);
  EXPECT_THAT(out.str(), HasSubstr("\nwarning  store          a?[31m b: do c\n"));
  EXPECT_EQ(run({"doctor", "--json"}), refused);
  EXPECT_EQ(json::serialize(json::parse(out.str()).at(1)),
            R"({"severity":"warning","subject":"store","what":"a\u001b[31m b","fix":"do c"})");
}

TEST_F(Run, OutputThatCannotBeWrittenIsAFailure) {
  out.setstate(std::ios::badbit);
  EXPECT_EQ(run_as_is({"version"}), refused);
}

TEST(Rendering, StrangersCannotSpeakToTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n\x7f\xc2\x9b"
                      "31m привет"),
            "a?[31mb????31m привет");
  EXPECT_EQ(render_object({{"label", "\x1b]0;x\a"}}), "label: ?]0;x?\n");
}

TEST(Configuration, TheReferencePageIsFresh) {
  std::ifstream page(PROPUSK_SOURCE_DIR "/docs/reference/configuration.md");
  const std::string text(std::istreambuf_iterator<char>(page), {});
  EXPECT_EQ(text, config::reference()) << "run: propusk config reference > docs/reference/configuration.md";
}

}  // namespace
}  // namespace propusk::cli
