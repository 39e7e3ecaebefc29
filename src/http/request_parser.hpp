// RequestParser: Beast's parser behind a narrow door. It reads requests with a body, after the framing check accepted
// their block; a request without one is fully read by that check.
#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "http/request.hpp"

namespace propusk::http {

/// Bytes that chunk headers and trailers may hold at once; chunk extensions have their own bound.
constexpr std::size_t chunk_extension_limit = 256;  // DESIGN.md §4

/// One per request in work, reused: start() begins the next request.
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();

  /// Reads a whole header block. Fills method, method_text, target, path, query and headers of `request` with views
  /// into `block`. False: Beast refuses what the framing check let through (answer 400).
  bool start(std::string_view block, Request& request);
  /// True if no body byte is missing.
  [[nodiscard]] bool is_done() const;

  /// Reads body bytes, appends the de-chunked content to `body` and returns how many bytes it took: the rest must be
  /// shown again with more behind it. Trailers are dropped. The error is the status: 413 beyond `limit`, 400 for broken
  /// chunks and for chunk extensions over 256 bytes.
  std::expected<std::size_t, int> feed(std::string_view bytes, std::size_t limit, std::string& body);

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

/// Splits a request target into path and query; an absolute URI is reduced to its path. False for another form than
/// origin-form, absolute-form with http or https, and `*`.
bool split_target(std::string_view target, std::string_view& path, std::string_view& query);

}  // namespace propusk::http
