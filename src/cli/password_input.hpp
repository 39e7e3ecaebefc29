// Passwords and secrets from a terminal or from standard input, never from an argument.
#pragma once
#include <expected>
#include <iosfwd>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace propusk::cli {

/// From a terminal: asks twice on `prompts`, without echo. Else: the first line of `input`, without its line end. The
/// error is a sentence: different entries, nothing at all, or more than the 4096 bytes that a password may have. `what`
/// is asked for: "password", "secret".
std::expected<Secret<>, std::string> read_password(int input, std::ostream& prompts, std::string_view what);

/// Whether the person at a terminal repeats `expected`; false if `input` is no terminal.
bool confirms(int input, std::ostream& prompts, std::string_view question, std::string_view expected);

}  // namespace propusk::cli
