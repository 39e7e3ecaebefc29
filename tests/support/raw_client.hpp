// RawClient: sends bytes to a server on loopback and reads whole answers, so that tests see exactly what is on the
// wire.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propusk::testing {

struct Answer {
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// The value of the first header of that name (ASCII case-insensitive).
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  /// The value that a Set-Cookie line gives to `name`, without attributes.
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
};

/// A connection. Reads give up after 20 s and fail the test by throwing.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  /// The next answer. `to_head`: an answer to HEAD, which has no body whatever it says.
  Answer receive(bool to_head = false);
  /// True once the server has closed and nothing was left to read.
  bool is_closed();

 private:
  bool fill();
  int socket_;
  std::string buffer_;
};

using Fields = std::vector<std::pair<std::string, std::string>>;
/// `a=b&c=d`, percent-encoded.
std::string urlencoded(const Fields& fields);
/// One request on a connection of its own.
Answer ask(std::uint16_t port, std::string_view method, std::string_view path, const Fields& headers = {},
           std::string_view body = "");
/// The same with an urlencoded body.
Answer post_form(std::uint16_t port, std::string_view path, const Fields& fields, Fields headers = {});

}  // namespace propusk::testing
