// Bug: we are wrong. An assertion that stays on in release: the request gets a 500, the log gets the line.
#pragma once
#include <source_location>
#include <stdexcept>
#include <string>

namespace propusk {

/// Thrown by require(); caught once per request by http/server, logged and counted.
class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws Bug with the place when `holds` is false. `claim` says in words what should have been true.
inline void require(bool holds, const char* claim, std::source_location at = std::source_location::current()) {
  if (!holds) throw Bug(std::string(claim) + " (" + at.file_name() + ":" + std::to_string(at.line()) + ")");
}

}  // namespace propusk
