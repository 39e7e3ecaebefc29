// Reply: what a handler fills in. Mechanics only: Date, Content-Length, Connection and the safety headers that every
// answer carries are the connection's work.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/http_date.hpp"

namespace propusk::http {

/// A cookie to set. Attributes are written in Django's order: expires, HttpOnly, Max-Age, Path, SameSite, Secure.
struct SetCookie {
  std::string_view name, value;    ///< value as on the wire, no quoting is added
  std::optional<seconds> max_age;  ///< nothing: it ends with the browser; zero: removal (expires 1970)
  bool http_only = false;
  bool secure = false;
  std::string_view domain = "";  ///< "" = host-only
};

class Reply {
 public:
  int status = 200;

  /// Appends a header line. Name and value come from this code base, never raw from a request; CR, LF and NUL in a
  /// value are a Bug.
  Reply& header(std::string_view name, std::string_view value);
  /// Appends several complete lines, each with its CRLF: for constants prepared at compile time.
  Reply& headers(std::string_view lines) {
    lines_.append(lines);
    return *this;
  }
  /// Appends a Set-Cookie line. `now` dates `expires`.
  Reply& cookie(const SetCookie& cookie, Instant now);
  Reply& body(std::string_view bytes) {
    body_.assign(bytes);
    return *this;
  }
  /// Asks that the connection be closed after this answer.
  Reply& close() {
    closes_ = true;
    return *this;
  }
  /// Back to a fresh 200 without headers or body; keeps the buffers.
  void clear();

  [[nodiscard]] const std::string& lines() const { return lines_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] bool closes() const { return closes_; }

 private:
  std::string lines_, body_;
  bool closes_ = false;
};

/// The standard reason phrase: 407 is "Proxy Authentication Required". "" for an unknown status.
std::string_view reason_phrase(int status);

}  // namespace propusk::http
