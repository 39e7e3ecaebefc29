// TlsUpstream: an HTTPS server on loopback that answers, or misbehaves, as a test says.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/test_authority.hpp"

namespace propusk::testing {

/// One request, as it came. What is not there is told as "".
struct UpstreamRequest {
  std::string method, target;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// The first header of that name (ASCII case-insensitive).
  [[nodiscard]] std::string header(std::string_view name) const;
  /// The target without its query.
  [[nodiscard]] std::string path() const;
  // A parameter of the query, a field of an urlencoded body; decoded.
  [[nodiscard]] std::string query(std::string_view name) const;
  [[nodiscard]] std::string form(std::string_view name) const;
};

/// What becomes of the connection behind an answer.
enum class Afterwards : std::uint8_t {
  keep,   ///< the next request may come
  close,  ///< without a word of TLS
  hang,   ///< nothing more is said, and it stays open until the client goes
};

struct UpstreamAnswer {
  int status = 200;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< besides Content-Length
  std::chrono::milliseconds delay{0};                          ///< before the first byte
  std::optional<std::string> raw{};                            ///< these bytes instead of all of the above
  Afterwards afterwards = Afterwards::keep;
};
/// A body of JSON.
UpstreamAnswer json_answer(std::string body, int status = 200);

struct UpstreamSettings {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};  ///< in its certificate
  std::optional<CertifiedKey> certified_key{};                      ///< instead of one for the names
  std::string greeting{};    ///< said in clear as soon as somebody connects; there is no TLS then
  int highest_tls = 0;       ///< version as OpenSSL numbers them; 0: the newest
  std::size_t together = 0;  ///< answers only once so many requests have come: all of them are in flight then
};

class TlsUpstream {
 public:
  /// Called on the server's thread, one request at a time.
  using Handler = std::function<UpstreamAnswer(const UpstreamRequest&)>;
  /// Listens on 127.0.0.1 at a free port, with a certificate of `authority`.
  TlsUpstream(const TestAuthority& authority, Handler handler, UpstreamSettings settings = {});
  /// Hangs up on everybody.
  ~TlsUpstream();
  TlsUpstream(const TlsUpstream&) = delete;
  TlsUpstream& operator=(const TlsUpstream&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// `https://localhost:<port>`.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::size_t connections() const;   ///< accepted so far
  [[nodiscard]] std::size_t requests() const;      ///< that came so far
  [[nodiscard]] std::size_t most_at_once() const;  ///< connections that were open at one time
  /// Closes every connection; returns when they are closed.
  void close_idle();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::testing
