// Seeding: an installation that a test spoils, and what the doctor says of it.
#pragma once
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/fake_clock.hpp"
#include "cli/doctor/examine.hpp"
#include "platform/system_clock.hpp"
#include "tests/support/temporary_directory.hpp"

namespace propusk {
/// For failures of tests.
inline void PrintTo(const Finding& finding, std::ostream* out) {
  *out << static_cast<int>(finding.severity) << ' ' << finding.what << ": " << finding.fix;
}
}  // namespace propusk

namespace propusk::cli::doctor::testing {

/// A finding of this severity, whose sentence and fix hold these words; what is wrong always has a fix.
MATCHER_P3(Says, severity, what, fix, "") {
  const bool has_fix = severity == Severity::ok || !arg.fix.empty();
  return arg.severity == severity && arg.what.contains(what) && arg.fix.contains(fix) && has_fix;
}

class Seeding : public ::testing::Test {
 protected:
  /// `key=value`, as --set takes it.
  void set(const std::string& word) {
    const auto equals = word.find('=');
    flags_.push_back({word.substr(0, equals), word.substr(equals + 1), "--set"});
  }
  /// Writes a file beside the data directory.
  std::string file(const std::string& name, std::string_view text, mode_t mode = 0600) {
    const auto path = home_.path() / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  void configure(std::string_view toml, mode_t mode = 0600) { config_file_ = file("propusk.toml", toml, mode); }
  void make_data_directory(mode_t mode = 0700) {
    std::filesystem::create_directory(data());
    ::chmod(data().c_str(), mode);
  }
  [[nodiscard]] std::filesystem::path data() const { return home_.path() / "data"; }

  std::vector<Told> examine() {
    config::Sources sources{{}, {}, flags_};
    if (!config_file_.empty()) {
      std::ifstream in(config_file_);
      sources.file = config::File{config_file_, {std::istreambuf_iterator<char>(in), {}}};
    }
    return doctor::examine({config::read(sources), config_file_, data()}, clock_, random_);
  }
  /// What is said of one subject.
  Findings about(std::string_view subject) {
    Findings found;
    for (Told& told : examine())
      if (told.subject == subject) found.push_back(std::move(told.finding));
    return found;
  }

  platform::SystemClock clock_;
  propusk::testing::SeededRandom random_;

 private:
  propusk::testing::TemporaryDirectory home_;
  std::vector<config::Flag> flags_;
  std::string config_file_;
};

}  // namespace propusk::cli::doctor::testing
