// The framing check: a strict pass over the raw header block before any parser reads it, so that no proxy and no
// parser can see another request than we do (DESIGN.md §4, RFC 9112).
#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "http/request.hpp"

namespace propusk::http {

/// What the check learned about a block that it accepts.
struct Framing {
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  bool is_1_1 = false;
  bool is_kept = false;  ///< the client wants the connection kept (RFC 9112 §9.3)
  /// Whether body bytes follow the block.
  [[nodiscard]] bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

/// Fields that one request may have (DESIGN.md §4).
constexpr std::size_t field_limit = 100;

/// `block` is the request line and the fields up to and including the empty line. The error is the status to answer
/// before closing: 400 for anything that two readers could read differently, 431 for more than 100 fields, 501 for an
/// unknown method or transfer coding, 505 for another version than HTTP/1.0 and 1.1. Fills method, method_text, target
/// and headers of `request` with views into `block`.
std::expected<Framing, int> check_framing(std::string_view block, Request& request);

/// True if `part`, the beginning of a block whose end has not arrived, can no longer become a good one: a line feed
/// without its carriage return, a control character. Saves the wait for the header deadline.
bool is_hopeless(std::string_view part);

}  // namespace propusk::http
