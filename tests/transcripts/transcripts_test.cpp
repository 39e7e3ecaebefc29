// Plays every recorded case against the in-process server, each from an empty store, and shows a readable diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "http/reply.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {
namespace {
namespace fs = std::filesystem;

fs::path root() { return PROPUSK_SOURCE_DIR; }

std::string date_after(long seconds) { return http::http_date(FakeClock().now() + std::chrono::seconds(seconds)); }

/// Makes the state that a case's givens describe.
class Stage {
 public:
  explicit Stage(const Transcript& transcript) : server_(settings_for(transcript)) {
    bindings_.date_now = date_after(0);
    bindings_.date_after = date_after;
    bindings_.values["host"] = "127.0.0.1:" + std::to_string(server_.port());
    for (const std::string& given : transcript.givens) make(given);
  }
  [[nodiscard]] const Bindings& bindings() const { return bindings_; }

  Answer play(const Message& request) {
    const std::size_t space = request.start.find(' ');
    const std::string method = request.start.substr(0, space);
    const std::string path = request.start.substr(space + 1, request.start.rfind(' ') - space - 1);
    Fields headers;
    for (const auto& [name, value] : request.headers) headers.emplace_back(name, bindings_.fill(value));
    return ask(server_.port(), method, path, headers, bindings_.fill(request.body));
  }

 private:
  static config::Settings settings_for(const Transcript& transcript) {
    config::Settings settings = test_settings();
    for (const std::string& given : transcript.givens)
      if (given.starts_with("secure")) settings.server.trusted_proxies.push_back(*Network::parse("127.0.0.1"));
    return settings;
  }

  void make(const std::string& given) {
    std::smatch words;
    if (std::regex_match(given, words, std::regex("account (\\S+) (\\S+)( disabled)?"))) {
      server_.create_account(words[1], words[2]);
      passwords_[words[1]] = words[2];
      if (words[3].matched) server_.disable_account(words[1]);
    } else if (std::regex_match(given, words, std::regex("session \\{\\{(\\S+)\\}\\} of (\\S+)"))) {
      bindings_.values[words[1]] = sign_in(words[2], "");
    } else if (std::regex_match(given, words, std::regex("then (\\S+) signs in with (\\{\\{\\S+\\}\\})"))) {
      sign_in(words[1], bindings_.fill(words[2]));
    } else if (std::regex_match(given, words, std::regex("then password of (\\S+) is set to (\\S+)"))) {
      server_.set_password(words[1], words[2]);
    } else if (std::regex_match(given, words, std::regex("then (\\S+) is disabled"))) {
      server_.disable_account(words[1]);
    } else if (!given.starts_with("secure")) {
      throw std::runtime_error("unknown given: " + given);
    }
  }

  std::string sign_in(const std::string& name, const std::string& session) {
    const std::string token(32, 'a');
    const std::string cookies = "csrftoken=" + token + (session.empty() ? "" : "; sessionid=" + session);
    const Answer answer = post_form(
        server_.port(), "/mobile/login/",
        {{"username", name}, {"password", passwords_.at(name)}, {"csrfmiddlewaretoken", token}}, {{"Cookie", cookies}});
    if (answer.status != 200) throw std::runtime_error("the given sign-in of " + name + " failed");
    return answer.cookie("sessionid").value();
  }

  TestServer server_;
  Bindings bindings_;
  std::map<std::string, std::string> passwords_;
};

/// What a message says, field by field, as deviations name them.
std::map<std::string, std::string> fields_of(const std::string& status, const Fields& headers,
                                             const std::string& body) {
  std::map<std::string, std::string> fields{{"status", status}, {"body", body}};
  for (const auto& [name, value] : headers) {
    if (name == "Set-Cookie")
      fields["cookie " + value.substr(0, value.find('='))] = value;
    else
      fields["header " + name] = value;
  }
  return fields;
}

std::string status_of(const std::string& start) { return start.substr(start.find(' ') + 1); }

/// The text of a deviation's cell as a value.
std::optional<std::string> cell_value(const std::string& cell) {
  if (cell == "absent") return std::nullopt;
  if (cell == "empty") return "";
  if (!cell.starts_with("< pages/")) return cell;
  std::ifstream page(root() / "tests/transcripts/mobile/pages" / cell.substr(8), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(page), {});
}

const Deviation* decided(const std::vector<Deviation>& rows, const std::string& name, const std::string& field,
                         const std::optional<std::string>& recorded) {
  for (const Deviation& row : rows)
    if (row.field == field && matches_glob(row.cases, name) &&
        (row.recorded == "*" || cell_value(row.recorded) == recorded))
      return &row;
  return nullptr;
}

/// Every difference that nobody decided, one a line; adds the rows that were used to `used`.
std::string differences(const Transcript& transcript, const Answer& answer, const Bindings& bindings,
                        const std::vector<Deviation>& rows, std::set<const Deviation*>& used) {
  const auto recorded =
      fields_of(status_of(transcript.expected.start), transcript.expected.headers, transcript.expected.body);
  const auto actual = fields_of(std::to_string(answer.status) + " " + answer.reason, answer.headers, answer.body);
  std::set<std::string> names;
  for (const auto& [name, value] : recorded) names.insert(name);
  for (const auto& [name, value] : actual) names.insert(name);

  const auto find = [](const auto& fields, const std::string& name) -> std::optional<std::string> {
    const auto found = fields.find(name);
    return found == fields.end() ? std::nullopt : std::optional(found->second);
  };
  std::ostringstream out;
  for (const std::string& name : names) {
    const std::optional<std::string> was = find(recorded, name), is = find(actual, name);
    std::optional<std::string> expected = was;
    if (const Deviation* row = decided(rows, transcript.name, name, was)) {
      used.insert(row);
      if (row->ours == "any") continue;
      expected = cell_value(row->ours);
    }
    if (name == "header Content-Length" && expected && is) continue;  // follows the body, which is compared
    const bool same =
        expected.has_value() == is.has_value() && (!expected || matches_pattern(*expected, *is, bindings));
    if (!same)
      out << "\n  " << name << "\n    expected: " << expected.value_or("(absent)")
          << "\n    answered: " << is.value_or("(absent)") << "\n";
  }
  return out.str();
}

class TranscriptCase : public ::testing::TestWithParam<fs::path> {};

TEST_P(TranscriptCase, AnswersAsRecordedOrAsDecided) {
  const Transcript transcript = read_transcript(GetParam());
  Stage stage(transcript);

  const Answer answer = stage.play(transcript.request);

  std::set<const Deviation*> used;
  const auto rows = read_deviations(root() / "docs/reference/deviations.md");
  EXPECT_EQ(differences(transcript, answer, stage.bindings(), rows, used), "") << transcript.name;
  for (const std::string& relation : transcript.relations) {
    ASSERT_TRUE(relation.ends_with(" is new")) << "unknown relation: " << relation;
    const std::string cookie = relation.substr(0, relation.find(' '));
    const std::string set = answer.cookie(cookie).value_or("");
    EXPECT_NE(set, "");
    for (const auto& [name, value] : transcript.request.headers)
      EXPECT_FALSE(stage.bindings().fill(value).contains(cookie + "=" + set)) << relation;
  }
}

std::string test_name(const ::testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Mobile, TranscriptCase,
                         ::testing::ValuesIn(transcript_files(root() / "tests/transcripts/mobile")), test_name);

TEST(Transcripts, All87RecordedCasesOfMobileAreThere) {
  EXPECT_EQ(transcript_files(root() / "tests/transcripts/mobile").size(), 87U);
}

TEST(Transcripts, EveryDeviationIsNeededByACase) {
  const auto rows = read_deviations(root() / "docs/reference/deviations.md");
  ASSERT_GT(rows.size(), 20U);
  std::set<const Deviation*> used;
  for (const fs::path& file : transcript_files(root() / "tests/transcripts/mobile")) {
    const Transcript transcript = read_transcript(file);
    Stage stage(transcript);
    differences(transcript, stage.play(transcript.request), stage.bindings(), rows, used);
  }
  for (const Deviation& row : rows)
    EXPECT_TRUE(used.contains(&row)) << row.cases << " | " << row.field << " | " << row.ours;
}

TEST(Transcripts, AChangedAnswerIsSeen) {  // the runner's own negative control
  const Transcript transcript = read_transcript(root() / "tests/transcripts/mobile/sessions/anonymous.http");
  Stage stage(transcript);
  Answer answer = stage.play(transcript.request);
  std::set<const Deviation*> used;
  const auto rows = read_deviations(root() / "docs/reference/deviations.md");
  ASSERT_EQ(differences(transcript, answer, stage.bindings(), rows, used), "");
  answer.status = 406;
  EXPECT_NE(differences(transcript, answer, stage.bindings(), rows, used), "");
  answer.status = 405;
  answer.headers.emplace_back("X-Extra", "1");
  EXPECT_NE(differences(transcript, answer, stage.bindings(), rows, used), "");
}

}  // namespace
}  // namespace propusk::testing
