// Fetch: the port through which providers are asked: one HTTPS request, one answer of bounded size, in bounded time.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace propusk::providers {

struct FetchRequest {
  std::string url;                                             ///< https; secrets do not belong here: it may be logged
  std::vector<std::pair<std::string, Secret<>>> headers = {};  ///< name and value
  std::optional<Secret<>> form = std::nullopt;                 ///< a urlencoded body; with it the request is a POST
};

struct Fetched {
  int status = 0;  ///< of the HTTP answer, whatever it is but a redirect
  std::string body;
};

enum class FetchFailure : std::uint8_t {
  unreachable,        ///< no name, no connection, no TLS, or the connection broke
  timed_out,          ///< fetch_patience or the deadline passed
  too_large,          ///< more than fetch_limit bytes
  redirected,         ///< 3xx: never followed, it could lead inside
  forbidden_address,  ///< the name leads to a private, loopback or otherwise special address
  circuit_open,       ///< the host has failed too often lately: not even tried
  overloaded,         ///< too many requests wait already
};
std::string_view fetch_failure_name(FetchFailure failure);

inline constexpr std::chrono::seconds fetch_patience{3};   ///< SECURITY.md O8
inline constexpr std::size_t fetch_limit = 64UL * 1024UL;  ///< bytes of a body, SECURITY.md O8

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  /// Sends a form once, never again by itself. May be called on any I/O thread; the answer comes there.
  virtual Task<std::expected<Fetched, FetchFailure>> fetch(FetchRequest request, Deadline deadline) = 0;
};

}  // namespace propusk::providers
