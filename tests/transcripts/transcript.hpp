// Transcript: one recorded case as data, and the deviations that were decided (tests/transcripts/README.md).
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propusk::testing {

struct Message {
  std::string start;  ///< request line or status line
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
/// A letter as it was recorded.
struct RecordedLetter {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string text, html;
};
struct Transcript {
  std::string name;
  std::vector<std::string> givens, relations;
  Message request, expected;
  std::optional<RecordedLetter> letter;  ///< what the case is about, instead of a request and its answer
};
/// Throws std::runtime_error with the file's name for a file that breaks the format.
Transcript read_transcript(const std::filesystem::path& file);
/// Every .http file below the folder of a dialect, sorted.
std::vector<std::filesystem::path> transcript_files(const std::filesystem::path& dialect);

/// One row of docs/reference/deviations.md.
struct Deviation {
  std::string section;  ///< the `##` heading that it stands under
  std::string cases, field, recorded, ours;
  friend bool operator==(const Deviation&, const Deviation&) = default;
};
std::vector<Deviation> read_deviations(const std::filesystem::path& file);
/// `*` stands for any text.
bool matches_glob(std::string_view glob, std::string_view text);

/// Names that holes are bound to, and the moment of the request.
struct Bindings {
  std::map<std::string, std::string> values;
  std::string date_now;
  /// now + seconds as an IMF-fixdate
  std::string (*date_after)(long seconds) = nullptr;
  /// Replaces `{{name}}` of every bound name.
  [[nodiscard]] std::string fill(std::string text) const;
};
/// Whether `actual` is `pattern`, holes of a kind taking whatever fits them.
bool matches_pattern(const std::string& pattern, const std::string& actual, const Bindings& bindings);
/// Whether every line of `pattern` is in `actual`, in this order; other lines may stand between them.
bool matches_with_more_lines(const std::string& pattern, const std::string& actual, const Bindings& bindings);
/// Replaces every `{{bytes:HEX}}` of a request by those bytes.
std::string with_raw_bytes(std::string text);

}  // namespace propusk::testing
