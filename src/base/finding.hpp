// Finding: what an operator is told of a configuration or of what surrounds it, and what to do.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace propusk {

enum class Severity : std::uint8_t {
  ok,       ///< looked at, and nothing is to be done
  warning,  ///< the server runs, but not as its operator would want it
  error,    ///< the server does not start, does not do its work, or is not safe
};

/// `what` and `fix` are read as one sentence with a colon between them. Neither holds a secret.
struct Finding {
  Severity severity{};
  std::string what;
  std::string fix{};  ///< "" where nothing is to be done
};
using Findings = std::vector<Finding>;

inline Finding fine(std::string what) { return {Severity::ok, std::move(what)}; }
inline Finding warning(std::string what, std::string fix) {
  return {Severity::warning, std::move(what), std::move(fix)};
}
inline Finding error(std::string what, std::string fix) { return {Severity::error, std::move(what), std::move(fix)}; }

}  // namespace propusk
