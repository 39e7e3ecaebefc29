// Request: one parsed HTTP request as handlers see it. A view: valid until the handler is done.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/caller.hpp"
#include "http/method.hpp"

namespace propusk::http {

/// A header line: the name as sent, the value without surrounding white space.
struct Header {
  std::string_view name, value;
};

struct Request {
  Method method = Method::other;
  std::string_view method_text;  ///< as sent
  std::string_view target;       ///< as sent, ASCII, at most 16 KiB together with the headers
  std::string_view path;   ///< of target, without the query, not percent-decoded; absolute-form is reduced to its path
  std::string_view query;  ///< after '?', not decoded; "" if none
  std::vector<Header> headers;  ///< at most 100, in order, trailers never among them
  std::string_view body;        ///< de-chunked; at most the route's limit
  Caller caller;                ///< client address (behind trusted proxies: the real one), user agent, deadline
  bool is_secure = false;       ///< came over TLS, or a trusted proxy says so
  std::vector<std::pair<std::string_view, std::string_view>>
      path_parameters;  ///< {name} of the route → segment, undecoded

  /// The first header of that name (ASCII case-insensitive).
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The last cookie of that name over all Cookie headers, undecoded, without surrounding quotes (Django takes the last
  /// and strips them).
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const;
  /// "" if the header is absent.
  [[nodiscard]] std::string_view host() const;
};

}  // namespace propusk::http
