// Reads byte by byte, so that nothing of what follows the line is taken from the caller's input.
#include "cli/password_input.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <ostream>

#include "base/result.hpp"
#include "core/passwords/password_policy.hpp"

namespace propusk::cli {
namespace {

/// Echo is off while this lives. Ctrl-C still ends the program; shells restore the terminal then.
class EchoOff {
 public:
  explicit EchoOff(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_off_ = ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (is_off_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool is_off_ = false;
};

/// One line without its end; nothing at the end of input. Reads at most one byte more than a password may have.
std::optional<Secret<>> read_line(int input) {
  std::string line;
  line.reserve(core::password_bytes_limit + 2);  // so that no half-read password is freed unwiped
  bool has_any = false;
  while (line.size() <= core::password_bytes_limit) {
    char byte = 0;
    const auto got = ::read(input, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    has_any = true;
    if (byte == '\n') break;
    line += byte;
  }
  if (line.ends_with('\r')) line.pop_back();
  Secret<> read(std::move(line));
  return has_any ? std::optional(std::move(read)) : std::nullopt;
}

std::expected<Secret<>, std::string> checked(std::optional<Secret<>> line, std::string_view what) {
  const std::size_t bytes = line ? line->reveal().size() : 0;
  if (bytes == 0) return std::unexpected(fmt::format("no {} was given", what));
  if (bytes > core::password_bytes_limit) return std::unexpected(fmt::format("the {} is longer than 4096 bytes", what));
  return *std::move(line);
}

}  // namespace

std::expected<Secret<>, std::string> read_password(int input, std::ostream& prompts, std::string_view what) {
  if (::isatty(input) == 0) return checked(read_line(input), what);
  const EchoOff silence(input);
  prompts << (what == "password" ? "Password: " : "Secret: ") << std::flush;
  TRY(first, checked(read_line(input), what));
  prompts << "\nAgain: " << std::flush;
  const auto second = read_line(input);
  prompts << '\n';
  if (!second || !(*second == first)) return std::unexpected("the two entries differ");
  return std::move(first);
}

bool confirms(int input, std::ostream& prompts, std::string_view question, std::string_view expected) {
  if (::isatty(input) == 0) return false;
  prompts << question << ' ' << std::flush;
  const auto answer = read_line(input);
  return answer && answer->reveal() == expected;
}

}  // namespace propusk::cli
