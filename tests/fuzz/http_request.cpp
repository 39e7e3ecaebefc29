// Fuzzes the whole path of bytes to answers: framing check, Beast's parser, bodies, pipelines, answers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/bug.hpp"
#include "http/conversation.hpp"
#include "http/framing.hpp"
#include "http/request_parser.hpp"

namespace {
using namespace propusk;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return {}; }
  [[nodiscard]] Deadline monotonic() const override { return {}; }
};

class SilentObserver final : public http::ServerObserver {
 public:
  void outage(std::string_view, const http::Request&, std::string_view) override {}
  void bug(std::string_view, const http::Request&, std::string_view) override { std::abort(); }
  void untrusted_forwarded(const ClientAddress&) override {}
};

struct Nothing {};
/// What a handler sees must be what the framing check promises.
http::Next look(Nothing&, const http::Request& request, http::Reply& reply) {
  require(request.headers.size() <= http::field_limit, "fields are counted");
  require(request.method != http::Method::other, "unknown methods never reach a route");
  require(request.body.size() <= 100, "the route's limit holds");
  require(request.path.starts_with('/'), "paths begin with a slash");
  for (const http::Header& line : request.headers) {
    require(line.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
            "values are single lines");
  }
  reply.body(request.body);
  return http::Next::send;
}
constexpr http::Route<Nothing> routes[] = {
    {.method = std::nullopt, .path = "/", .body_limit = 100, .plain = look},
    {.method = std::nullopt, .path = "/{name}/", .body_limit = 100, .plain = look},
};

/// Feeds `bytes` in pieces of `step` and returns all answers.
std::string talk(http::Lane& lane, std::string_view bytes, std::size_t step) {
  http::Conversation conversation(lane, {}, [] { return false; });
  std::string out;
  for (;;) {
    const auto next = conversation.advance();
    out += conversation.answers();
    conversation.answers().clear();
    if (next == http::Conversation::Step::send) continue;
    if (next != http::Conversation::Step::read || bytes.empty()) return out;
    conversation.rest();
    const auto room = conversation.room();
    require(!room.empty(), "a conversation that reads has room");
    const std::size_t count = std::min({step, room.size(), bytes.size()});
    std::memcpy(room.data(), bytes.data(), count);
    conversation.received(count);
    bytes.remove_prefix(count);
  }
}
/// The framing check and Beast must read the same request from every block that the check accepts (ADR 0011).
void compare_readers(std::string_view input) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return;
  const std::string_view block = input.substr(0, end + 4);
  http::Request ours, beasts;
  if (!http::check_framing(block, ours)) return;
  http::RequestParser parser;
  if (!parser.start(block, beasts)) return;  // Beast may be stricter; it only reads requests with a body
  require(ours.method_text == beasts.method_text && ours.target == beasts.target, "both read the same request line");
  require(ours.headers.size() == beasts.headers.size(), "both read the same number of fields");
  for (std::size_t i = 0; i < ours.headers.size(); ++i)
    require(ours.headers[i].name == beasts.headers[i].name && ours.headers[i].value == beasts.headers[i].value,
            "both read the same fields");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const FixedClock clock;
  static SilentObserver observer;
  static Nothing nothing;
  static http::Service& service = [] -> http::Service& {
    http::Router router;
    router.mount(routes, nothing);
    return *new http::Service({}, std::move(router), clock, observer);
  }();
  static http::Lane& lane = *new http::Lane(service);

  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  compare_readers(input);
  const std::string whole = talk(lane, input, size), pieces = talk(lane, input, 7);
  const std::string_view shown = "100 Continue";  // depends on what has arrived, by design
  if (whole != pieces && whole.find(shown) == pieces.find(shown) && input.find("\n") != std::string_view::npos &&
      size < 2000) {
    // Early refusals may differ in their status, never in the number of answers before them.
    const auto answers = [](std::string_view text) {
      std::size_t count = 0;
      for (auto at = text.find("HTTP/1.1 2"); at != std::string_view::npos; at = text.find("HTTP/1.1 2", at + 1))
        ++count;
      return count;
    };
    require(answers(whole) == answers(pieces), "the cut of the input changes no request");
  }
  return 0;
}
