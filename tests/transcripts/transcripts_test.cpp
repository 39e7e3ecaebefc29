// Plays every recorded case against the in-process server, each from an empty store, and shows a readable diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <span>
#include <sstream>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/stage.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {
namespace {
namespace fs = std::filesystem;

fs::path root() { return PROPUSK_SOURCE_DIR; }

/// One way to play the recordings of a dialect.
struct Round {
  const char* name;
  const char* dialect;                  ///< folder of the recordings
  std::size_t cases;                    ///< how many there are
  std::array<const char*, 2> sections;  ///< of deviations.md, special before general; the first is this round's own
  config::EnvelopeShape envelope;
};
constexpr std::array rounds{
    Round{"Mobile", "mobile", 87, {"mobile", ""}, config::EnvelopeShape::seed},
    Round{"EnvelopeList", "envelope", 44, {"envelope", ""}, config::EnvelopeShape::list},
    Round{"EnvelopeSeed", "envelope", 44, {"envelope, shape seed", "envelope"}, config::EnvelopeShape::seed},
};

fs::path folder_of(const Round& round) { return root() / "tests/transcripts" / round.dialect; }

config::Settings settings_of(const Round& round) {
  config::Settings settings = test_settings();
  settings.mail.transport = config::MailTransport::maildir;
  settings.envelope.shape = round.envelope;
  return settings;
}

/// The rows that hold for a round, in the order in which they are asked.
std::vector<Deviation> deviations_of(const Round& round) {
  const auto all = read_deviations(root() / "docs/reference/deviations.md");
  std::vector<Deviation> rows;
  for (const char* section : round.sections)
    std::ranges::copy_if(all, std::back_inserter(rows), [&](const Deviation& row) { return row.section == section; });
  return rows;
}

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
std::optional<std::string> cell_value(const Round& round, const std::string& cell) {
  if (cell == "absent") return std::nullopt;
  if (cell == "empty") return "";
  if (!cell.starts_with("< pages/")) return cell;
  std::ifstream page(folder_of(round) / "pages" / cell.substr(8), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(page), {});
}

const Deviation* decided(const Round& round, std::span<const Deviation> rows, const std::string& name,
                         const std::string& field, const std::optional<std::string>& recorded) {
  for (const Deviation& row : rows)
    if (row.field == field && matches_glob(row.cases, name) &&
        (row.recorded == "*" || cell_value(round, row.recorded) == recorded))
      return &row;
  return nullptr;
}

/// Every difference that nobody decided, one a line; adds the rows that were used to `used`.
std::string differences(const Round& round, const Transcript& transcript, const Answer& answer,
                        const Bindings& bindings, std::span<const Deviation> rows, std::set<const Deviation*>& used) {
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
    if (const Deviation* row = decided(round, rows, transcript.name, name, was)) {
      used.insert(row);
      if (row->ours == "any") continue;
      expected = cell_value(round, row->ours);
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

struct Case {
  const Round* round;
  fs::path file;
};
std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Round& round : rounds)
    for (const fs::path& file : transcript_files(folder_of(round))) cases.push_back({&round, file});
  return cases;
}

class TranscriptCase : public ::testing::TestWithParam<Case> {};

TEST_P(TranscriptCase, AnswersAsRecordedOrAsDecided) {
  const Round& round = *GetParam().round;
  const Transcript transcript = read_transcript(GetParam().file);
  Stage stage(transcript, round.dialect, settings_of(round));

  const Answer answer = stage.play(transcript.request);

  std::set<const Deviation*> used;
  const auto rows = deviations_of(round);
  EXPECT_EQ(differences(round, transcript, answer, stage.bindings(), rows, used), "") << transcript.name;
  for (const std::string& relation : transcript.relations) {
    ASSERT_TRUE(relation.ends_with(" is new")) << "unknown relation: " << relation;
    const std::string cookie = relation.substr(0, relation.find(' '));
    const std::string set = answer.cookie(cookie).value_or("");
    EXPECT_NE(set, "");
    for (const auto& [name, value] : transcript.request.headers)
      EXPECT_FALSE(stage.bindings().fill(value).contains(cookie + "=" + set)) << relation;
  }
}

std::string test_name(const ::testing::TestParamInfo<Case>& info) {
  const fs::path& file = info.param.file;
  std::string name =
      std::string(info.param.round->name) + "_" + file.parent_path().filename().string() + "_" + file.stem().string();
  std::ranges::replace_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Recorded, TranscriptCase, ::testing::ValuesIn(all_cases()), test_name);

class TranscriptRound : public ::testing::TestWithParam<Round> {};

TEST_P(TranscriptRound, AllRecordedCasesAreThere) {
  EXPECT_EQ(transcript_files(folder_of(GetParam())).size(), GetParam().cases);
}

TEST_P(TranscriptRound, EveryDeviationIsNeededByACase) {
  const Round& round = GetParam();
  const auto rows = deviations_of(round);
  std::set<const Deviation*> used;
  for (const fs::path& file : transcript_files(folder_of(round))) {
    const Transcript transcript = read_transcript(file);
    Stage stage(transcript, round.dialect, settings_of(round));
    differences(round, transcript, stage.play(transcript.request), stage.bindings(), rows, used);
  }
  ASSERT_FALSE(rows.empty());
  for (const Deviation& row : rows) {
    if (row.section == round.sections.front())
      EXPECT_TRUE(used.contains(&row)) << row.cases << " | " << row.field << " | " << row.ours;
  }
}

INSTANTIATE_TEST_SUITE_P(Recorded, TranscriptRound, ::testing::ValuesIn(rounds),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Transcripts, EveryDeviationBelongsToARound) {
  for (const Deviation& row : read_deviations(root() / "docs/reference/deviations.md"))
    EXPECT_TRUE(std::ranges::any_of(rounds, [&](const Round& round) { return row.section == round.sections.front(); }))
        << row.section << " | " << row.cases;
}

/// The runner's own negative control: what nobody decided is seen.
void expect_changes_are_seen(const Round& round, const fs::path& file) {
  const Transcript transcript = read_transcript(folder_of(round) / file);
  Stage stage(transcript, round.dialect, settings_of(round));
  const Answer answer = stage.play(transcript.request);
  const auto rows = deviations_of(round);
  std::set<const Deviation*> used;
  const auto seen = [&](const Answer& other) {
    return differences(round, transcript, other, stage.bindings(), rows, used);
  };
  ASSERT_EQ(seen(answer), "");
  Answer other_status = answer, other_body = answer, more_headers = answer;
  other_status.status = 406;
  other_body.body += " ";
  more_headers.headers.emplace_back("X-Extra", "1");
  EXPECT_NE(seen(other_status), "");
  EXPECT_NE(seen(other_body), "");
  EXPECT_NE(seen(more_headers), "");
}

TEST(Transcripts, AChangedAnswerIsSeen) {
  expect_changes_are_seen(rounds[0], "sessions/anonymous.http");
  expect_changes_are_seen(rounds[1], "sign_in/unknown.http");
  expect_changes_are_seen(rounds[2], "sign_in/unknown.http");
}

}  // namespace
}  // namespace propusk::testing
