// Plays every recorded case against the in-process server, each from an empty store, and shows a readable diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "tests/support/mailbox.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/stage.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {
namespace {
namespace fs = std::filesystem;

fs::path root() { return PROPUSK_SOURCE_DIR; }

using config::DjoserProfile, config::EnvelopeShape;

/// One way to play the recordings of a dialect.
struct Round {
  const char* name;
  const char* dialect;                  ///< folder of the recordings
  std::size_t cases;                    ///< how many there are
  std::array<const char*, 2> sections;  ///< of deviations.md, special before general
  EnvelopeShape envelope = EnvelopeShape::seed;
  DjoserProfile djoser = DjoserProfile::seed;
};
constexpr auto any_shape = EnvelopeShape::seed;
constexpr std::array rounds{
    Round{"Mobile", "mobile", 87, {"mobile", ""}},
    Round{"EnvelopeList", "envelope", 44, {"envelope", ""}, EnvelopeShape::list},
    Round{"EnvelopeSeed", "envelope", 44, {"envelope, shape seed", "envelope"}, EnvelopeShape::seed},
    Round{"DjoserSeed", "djoser/seed", 141, {"djoser, profile seed", "djoser"}, any_shape, DjoserProfile::seed},
    Round{"DjoserEmail", "djoser/email", 139, {"djoser, profile email", "djoser"}, any_shape, DjoserProfile::email},
    Round{
        "DjoserDefault", "djoser/default", 124, {"djoser, profile default", "djoser"}, any_shape, DjoserProfile::stock},
    Round{"Oauth", "oauth", 67, {"oauth", ""}, any_shape, DjoserProfile::stock},
};

fs::path folder_of(const Round& round) { return root() / "tests/transcripts" / round.dialect; }

config::Settings settings_of(const Round& round) {
  config::Settings settings = test_settings();
  settings.mail.transport = config::MailTransport::maildir;
  settings.envelope.shape = round.envelope;
  settings.djoser.profile = round.djoser;
  settings.oauth.password_grant = true;
  settings.social.redirect_uris = {"http://127.0.0.1:3000/cb"};
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
using NamedFields = std::map<std::string, std::string>;

NamedFields fields_of(const std::string& status, const Fields& headers, const std::string& body) {
  NamedFields fields{{"status", status}, {"body", body}};
  for (const auto& [name, value] : headers) {
    if (name == "Set-Cookie")
      fields["cookie " + value.substr(0, value.find('='))] = value;
    else
      fields["header " + name] = value;
  }
  return fields;
}

NamedFields fields_of(const RecordedLetter& letter) {
  NamedFields fields{{"letter text", letter.text}, {"letter html", letter.html}};
  for (const auto& [name, value] : letter.headers) fields["letter " + name] = value;
  return fields;
}

NamedFields fields_of(const Received& letter) {
  return {{"letter To", letter.recipient},
          {"letter Subject", letter.subject},
          {"letter Content-Type", letter.content_type},
          {"letter text", letter.plain},
          {"letter html", letter.html}};
}

NamedFields recorded_fields(const Transcript& transcript) {
  if (transcript.letter) return fields_of(*transcript.letter);
  const std::string& start = transcript.expected.start;
  return fields_of(start.substr(start.find(' ') + 1), transcript.expected.headers, transcript.expected.body);
}

NamedFields fields_of(const Answer& answer) {
  return fields_of(std::to_string(answer.status) + " " + answer.reason, answer.headers, answer.body);
}

/// What the server on the stage does where the recorded one did what the transcript holds.
NamedFields played_fields(const Transcript& transcript, Stage& stage) {
  if (!transcript.letter) return fields_of(stage.play(transcript.request));
  return fields_of(stage.letter_to(recorded_fields(transcript).at("letter To")));
}

/// The text of a deviation's cell as a value.
std::optional<std::string> cell_value(const Round& round, const std::string& cell) {
  if (cell == "absent") return std::nullopt;
  if (cell == "empty") return "";
  if (!cell.starts_with("< pages/")) return cell;
  std::ifstream page(folder_of(round) / "pages" / cell.substr(8), std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(page), {});
}

std::optional<std::string> field_of(const NamedFields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::nullopt : std::optional(found->second);
}

bool fits(const Round& round, const Deviation& row, const std::string& name, const NamedFields& recorded) {
  if (row.field.starts_with("letter ") != recorded.contains("letter text")) return false;
  return matches_glob(row.cases, name) &&
         (row.recorded == "*" || cell_value(round, row.recorded) == field_of(recorded, row.field));
}

/// What a field must be.
struct Wanted {
  std::optional<std::string> value;
  /// Nothing: it is not compared.
  bool (*matches)(const std::string& pattern, const std::string& actual, const Bindings& bindings) = matches_pattern;
};

bool is_as_wanted(const Wanted& wanted, const std::string& field, const std::optional<std::string>& is,
                  const Bindings& bindings) {
  if (!wanted.matches) return true;
  if (!is || !wanted.value) return is.has_value() == wanted.value.has_value();
  return field == "header Content-Length" ||  // follows the body, which is compared
         wanted.matches(*wanted.value, *is, bindings);
}

/// Compares what was played with what was recorded, as the deviations of a round change it.
class Comparison {
 public:
  Comparison(const Round& round, const Transcript& transcript)
      : round_(round), name_(transcript.name), recorded_(recorded_fields(transcript)), rows_(deviations_of(round)) {}

  /// Every difference that nobody decided, one a line.
  std::string differences(const NamedFields& played, const Bindings& bindings) {
    std::ostringstream out;
    for (const std::string& field : fields(played)) {
      const Wanted wanted = wanted_of(field);
      const std::optional<std::string> is = field_of(played, field);
      if (!is_as_wanted(wanted, field, is, bindings))
        out << "\n  " << field << "\n    expected: " << wanted.value.value_or("(absent)")
            << "\n    answered: " << is.value_or("(absent)") << "\n";
    }
    return out.str();
  }
  /// The rows that decided something so far.
  [[nodiscard]] const std::set<const Deviation*>& used() const { return used_; }

 private:
  /// Those of either side, and those that a deviation adds.
  [[nodiscard]] std::set<std::string> fields(const NamedFields& played) const {
    std::set<std::string> names;
    for (const auto& [field, value] : recorded_) names.insert(field);
    for (const auto& [field, value] : played) names.insert(field);
    for (const Deviation& row : rows_)
      if (row.recorded == "absent" && row.ours != "any" && fits(round_, row, name_, recorded_)) names.insert(row.field);
    return names;
  }
  Wanted wanted_of(const std::string& field) {
    Wanted wanted{.value = field_of(recorded_, field)};
    const auto row = std::ranges::find_if(
        rows_, [&](const Deviation& it) { return it.field == field && fits(round_, it, name_, recorded_); });
    if (row == rows_.end()) return wanted;
    used_.insert(&*row);
    if (row->ours == "any")
      wanted.matches = nullptr;
    else if (row->ours == "and more lines")
      wanted.matches = matches_with_more_lines;
    else
      wanted.value = cell_value(round_, row->ours);
    return wanted;
  }

  const Round& round_;
  std::string name_;
  NamedFields recorded_;
  std::vector<Deviation> rows_;
  std::set<const Deviation*> used_;
};

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

/// `NAME is new`: a cookie or a member of the JSON body that no given and no header of the request has named.
void expect_relation(const std::string& relation, const Transcript& transcript, const Bindings& bindings,
                     const NamedFields& played) {
  ASSERT_TRUE(relation.ends_with(" is new")) << "unknown relation: " << relation;
  const std::string name = relation.substr(0, relation.find(' '));
  const std::string answer = field_of(played, "cookie " + name).value_or(played.at("body"));
  std::smatch value;
  ASSERT_TRUE(std::regex_search(answer, value, std::regex('"' + name + "\":\"(\\w+)\"|" + name + "=(\\w+)")))
      << relation;
  const std::string set = value[1].matched ? value[1] : value[2];
  for (const auto& [header, sent] : transcript.request.headers)
    EXPECT_FALSE(bindings.fill(sent).contains(set)) << relation;
  for (const auto& [hole, bound] : bindings.values) EXPECT_NE(bound, set) << relation;
}

TEST_P(TranscriptCase, AnswersAsRecordedOrAsDecided) {
  const Round& round = *GetParam().round;
  const Transcript transcript = read_transcript(GetParam().file);
  Stage stage(transcript, round.dialect, settings_of(round));

  const NamedFields played = played_fields(transcript, stage);

  EXPECT_EQ(Comparison(round, transcript).differences(played, stage.bindings()), "") << transcript.name;
  for (const std::string& relation : transcript.relations)
    expect_relation(relation, transcript, stage.bindings(), played);
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

INSTANTIATE_TEST_SUITE_P(Recorded, TranscriptRound, ::testing::ValuesIn(rounds),
                         [](const auto& info) { return std::string(info.param.name); });

bool asks(const Round& round, const std::string& section) {
  return std::ranges::any_of(round.sections, [&](const char* it) { return section == it; });
}

/// Takes the rows that the case uses out of `unneeded`; plays it only if it may use one.
void use_rows(const Round& round, const Transcript& transcript, std::vector<Deviation>& unneeded) {
  const NamedFields recorded = recorded_fields(transcript);
  if (std::ranges::none_of(unneeded, [&](const auto& row) { return fits(round, row, transcript.name, recorded); }))
    return;
  Stage stage(transcript, round.dialect, settings_of(round));
  Comparison comparison(round, transcript);
  comparison.differences(played_fields(transcript, stage), stage.bindings());
  for (const Deviation* row : comparison.used()) std::erase(unneeded, *row);
}

class DeviationSection : public ::testing::TestWithParam<std::string> {};

TEST_P(DeviationSection, EveryRowIsNeededByACase) {
  std::vector<Deviation> unneeded = read_deviations(root() / "docs/reference/deviations.md");
  std::erase_if(unneeded, [](const Deviation& row) { return row.section != GetParam(); });
  ASSERT_FALSE(unneeded.empty());
  for (const Round& round : rounds) {
    if (!asks(round, GetParam())) continue;
    for (const fs::path& file : transcript_files(folder_of(round))) use_rows(round, read_transcript(file), unneeded);
  }
  for (const Deviation& row : unneeded) ADD_FAILURE() << row.cases << " | " << row.field << " | " << row.ours;
}

std::set<std::string> all_sections() {
  std::set<std::string> sections;
  for (const Round& round : rounds)
    for (const std::string section : round.sections)
      if (!section.empty()) sections.insert(section);
  return sections;
}

INSTANTIATE_TEST_SUITE_P(Decided, DeviationSection, ::testing::ValuesIn(all_sections()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

TEST(Transcripts, EveryDeviationBelongsToARound) {
  for (const Deviation& row : read_deviations(root() / "docs/reference/deviations.md"))
    EXPECT_TRUE(std::ranges::any_of(rounds, [&](const Round& round) { return asks(round, row.section); }))
        << row.section << " | " << row.cases;
}

/// The runner's own negative control: what nobody decided is seen.
void expect_changes_are_seen(const Round& round, const fs::path& file) {
  const Transcript transcript = read_transcript(folder_of(round) / file);
  Stage stage(transcript, round.dialect, settings_of(round));
  const NamedFields played = played_fields(transcript, stage);
  Comparison comparison(round, transcript);
  const auto seen = [&](const NamedFields& other) { return comparison.differences(other, stage.bindings()); };
  ASSERT_EQ(seen(played), "");
  for (const auto& [field, value] : played) {
    if (field == "header Content-Length" || field == "header Date") continue;
    NamedFields other = played, longer = played, missing = played;
    other[field] = value.empty() ? "x" : "";
    longer[field] += ' ';
    missing.erase(field);
    EXPECT_NE(seen(other), "") << field;
    EXPECT_TRUE(transcript.letter || !seen(longer).empty()) << field;  // a letter may have been given more to say
    EXPECT_NE(seen(missing), "") << field;
  }
  NamedFields more = played;
  more["header X-Extra"] = "1";
  EXPECT_NE(seen(more), "");
}

TEST(Transcripts, AChangedAnswerIsSeen) {
  expect_changes_are_seen(rounds[0], "sessions/anonymous.http");
  expect_changes_are_seen(rounds[1], "sign_in/unknown.http");
  expect_changes_are_seen(rounds[2], "sign_in/unknown.http");
  expect_changes_are_seen(rounds[3], "sign_in/login_unknown_user.http");
}

TEST(Transcripts, AChangedLetterIsSeen) { expect_changes_are_seen(rounds[5], "recovery/password_reset.http"); }

}  // namespace
}  // namespace propusk::testing
