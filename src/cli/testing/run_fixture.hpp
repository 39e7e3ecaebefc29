// Run: the whole command line against answers that a test gives, with what was asked and printed.
#pragma once
#include <gmock/gmock.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "stores/contract/temporary_directory.hpp"

namespace propusk::cli::testing {

namespace json = boost::json;

/// Runs commands against answers that the test gives, and keeps what was asked and printed.
class Run : public ::testing::Test {
 protected:
  int run(std::vector<const char*> line) {
    out.str("");
    err.str("");
    line.insert(line.end(), {"--data", directory_name.c_str()});
    return run_as_is(line);
  }
  int run_as_is(const std::vector<const char*>& line) {
    return cli::run(line, {.input = input,
                           .out = out,
                           .err = err,
                           .variables = variables,
                           .serve =
                               [this](ServeOptions options) {
                                 served = std::move(options);
                                 return 0;
                               },
                           .open_directly = [this](const DirectOptions& options) { return open(options); },
                           .examine =
                               [this](const doctor::Installation& installation) {
                                 examined = installation;
                                 return told;
                               }});
  }
  std::expected<Ask, NotOpened> open(const DirectOptions& options) {
    opened = options;
    if (refused_to_open) return std::unexpected(*refused_to_open);
    return [this](const json::object& request) {
      requests.push_back(json::serialize(request));
      auto answer = json::parse(answers.at(requests.size() - 1)).as_object();
      return answer;
    };
  }
  /// Puts `text` where a pipe would.
  void pipe_in(std::string_view text) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    input = ends[0];
  }
  void TearDown() override {
    if (input >= 0) ::close(input);
  }

  stores::testing::TemporaryDirectory directory;
  std::string directory_name = directory.path().string();
  int input = -1;
  std::ostringstream out, err;
  std::vector<std::string> variables, requests, answers;
  std::optional<NotOpened> refused_to_open;
  std::optional<DirectOptions> opened;
  std::optional<ServeOptions> served;
  std::optional<doctor::Installation> examined;
  std::vector<doctor::Told> told;
};

}  // namespace propusk::cli::testing
