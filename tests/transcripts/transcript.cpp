// Reads transcripts and deviations, and compares values with holes.
#include "tests/transcripts/transcript.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "base/encoding.hpp"

namespace propusk::testing {
namespace {
std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

Message parse_message(const std::string& text, const std::filesystem::path& pages) {
  Message message;
  const std::size_t blank = text.find("\n\n");
  std::istringstream head(text.substr(0, blank));
  std::getline(head, message.start);
  bool is_multipart = false;
  for (std::string line; std::getline(head, line);) {
    const std::size_t colon = line.find(": ");
    const std::string name = line.substr(0, colon);
    message.headers.emplace_back(name, colon == std::string::npos ? "" : line.substr(colon + 2));
    is_multipart = is_multipart || (name == "Content-Type" && message.headers.back().second.starts_with("multipart/"));
  }
  if (blank == std::string::npos) return message;
  message.body = text.substr(blank + 2);
  if (is_multipart) message.body = replaced(message.body, "\n", "\r\n");
  if (message.body.starts_with("< pages/")) message.body = slurp(pages / message.body.substr(8));
  return message;
}

/// What follows the empty line in front of `### letter`.
RecordedLetter parse_letter(const std::string& text, const std::filesystem::path& file) {
  constexpr std::string_view text_part = "\n\n### text\n", html_part = "\n\n### html\n";
  const std::size_t text_at = text.find(text_part), html_at = text.find(html_part);
  if (text_at == std::string::npos || html_at == std::string::npos || html_at < text_at)
    throw std::runtime_error(file.string() + " holds no letter of text and html");
  const std::size_t text_begin = text_at + text_part.size(), html_begin = html_at + html_part.size();
  return {.headers = parse_message(text.substr(0, text_at), {}).headers,
          .text = text.substr(text_begin, html_at - text_begin),
          .html = text.substr(html_begin, text.size() - html_begin - 1)};
}

/// The holes that take whatever fits them, as regular expressions.
struct Hole {
  std::string_view text, takes;
};
constexpr std::array holes{
    Hole{"{{csrf:32alnum}}", "[A-Za-z0-9]{32}"},
    Hole{"{{csrf:64alnum}}", "[A-Za-z0-9]{64}"},
    Hole{"{{session:32alnum}}", "[a-z0-9]{32}"},
    Hole{"{{id:number}}", "[1-9][0-9]{0,9}"},
    Hole{"{{oauth:30alnum}}", "[A-Za-z0-9]{30}"},
    Hole{"{{seconds-left}}", "[0-9]+(?:\\.[0-9]+)?"},
    Hole{"{{token:40hex}}", "[0-9a-f]{40}"},
    Hole{"{{link:secret}}", "[A-Za-z0-9_-]{43}"},
    Hole{"{{jwt}}", R"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"},
};

std::string trimmed(std::string text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  text = text.substr(first, text.find_last_not_of(' ') - first + 1);
  if (text.size() >= 2 && text.front() == '`' && text.back() == '`') text = text.substr(1, text.size() - 2);
  return text;
}
}  // namespace

Transcript read_transcript(const std::filesystem::path& file) {
  const std::string text = slurp(file);
  Transcript transcript;
  std::size_t at = 0;
  while (text.compare(at, 2, "# ") == 0) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at + 2, end - at - 2);
    const std::size_t colon = line.find(": ");
    const std::string key = line.substr(0, colon), value = colon == std::string::npos ? "" : line.substr(colon + 2);
    if (key == "name") transcript.name = value;
    if (key == "given") transcript.givens.push_back(value);
    if (key == "expect-note") transcript.relations.push_back(value);
    at = end + 1;
  }
  if (!transcript.name.empty() && text.compare(at, 12, "\n### letter\n") == 0) {
    transcript.letter = parse_letter(text.substr(at + 1), file);
    return transcript;
  }
  constexpr std::string_view separator = "\n\n### expect\n";
  const std::size_t expect = text.find(separator, at);
  if (transcript.name.empty() || expect == std::string::npos || text[at] != '\n' || !text.ends_with('\n'))
    throw std::runtime_error(file.string() + " is no transcript");
  const std::filesystem::path pages = file.parent_path().parent_path() / "pages";
  transcript.request = parse_message(text.substr(at + 1, expect - at - 1), pages);
  std::string answer = text.substr(expect + separator.size());
  answer.pop_back();
  transcript.expected = parse_message(answer, pages);
  return transcript;
}

std::vector<std::filesystem::path> transcript_files(const std::filesystem::path& dialect) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dialect))
    if (entry.path().extension() == ".http") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::vector<Deviation> read_deviations(const std::filesystem::path& file) {
  std::vector<Deviation> rows;
  std::istringstream lines(slurp(file));
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) section = line.substr(3);
    if (!line.starts_with('|') || line.starts_with("|---")) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(trimmed(cell));
    if (cells.size() == 5 && cells[0] != "case") rows.push_back({section, cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

bool matches_glob(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob.front() != '*')
    return !text.empty() && text.front() == glob.front() && matches_glob(glob.substr(1), text.substr(1));
  for (std::size_t skip = 0; skip <= text.size(); ++skip)
    if (matches_glob(glob.substr(1), text.substr(skip))) return true;
  return false;
}

std::string Bindings::fill(std::string text) const {
  for (const auto& [name, value] : values) text = replaced(std::move(text), "{{" + name + "}}", value);
  return text;
}

std::string with_raw_bytes(std::string text) {
  constexpr std::string_view begin = "{{bytes:";
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    const std::size_t hex = at + begin.size(), end = text.find("}}", hex);
    const auto bytes = from_hex(text.substr(hex, end - hex));
    if (end == std::string::npos || !bytes) throw std::runtime_error("no bytes: " + text.substr(at));
    text.replace(at, end + 2 - at, reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }
  return text;
}

bool matches_pattern(const std::string& pattern, const std::string& actual, const Bindings& bindings) {
  std::string expected = replaced(bindings.fill(pattern), "{{http-date:now}}", bindings.date_now);
  std::smatch age;
  if (std::regex_search(actual, age, std::regex("Max-Age=(\\d+)")))
    expected = replaced(expected, "{{http-date:now+Max-Age}}", bindings.date_after(std::stol(age[1])));
  std::string as_regex;
  for (std::string_view rest = expected; !rest.empty();) {
    const auto* hole = std::ranges::find_if(holes, [&](const Hole& it) { return rest.starts_with(it.text); });
    if (hole != holes.end()) {
      as_regex += hole->takes;
      rest.remove_prefix(hole->text.size());
    } else {
      if (std::string_view(R"(.[]{}()\*+?^$|)").contains(rest.front())) as_regex.push_back('\\');
      as_regex.push_back(rest.front());
      rest.remove_prefix(1);
    }
  }
  return std::regex_match(actual, std::regex(as_regex));
}

bool matches_with_more_lines(const std::string& pattern, const std::string& actual, const Bindings& bindings) {
  std::istringstream wanted(pattern), lines(actual);
  for (std::string want; std::getline(wanted, want);) {
    std::string line;
    do {
      if (!std::getline(lines, line)) return false;
    } while (!matches_pattern(want, line, bindings));
  }
  return true;
}

}  // namespace propusk::testing
