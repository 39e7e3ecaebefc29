// Conversation: the HTTP of one connection without its socket: bytes in, requests to handlers, bytes out.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/task.hpp"
#include "http/exchange.hpp"
#include "http/forwarded.hpp"
#include "http/framing.hpp"
#include "http/input_buffer.hpp"
#include "http/lane.hpp"

namespace propusk::http {

/// Whoever owns the socket calls advance() and does what it says; answers() is sent after every step.
class Conversation {
 public:
  enum class Step : std::uint8_t {
    read,   ///< more bytes are needed: fill room(), tell received()
    wait,   ///< co_await run_waiting()
    send,   ///< answers() has grown large: send it before the next advance()
    close,  ///< nothing more will be said
  };
  /// `has_more_input` says whether the socket holds bytes that were not read; asked only while the server drains.
  Conversation(Lane& lane, const Peer& peer, std::function<bool()> has_more_input);
  ~Conversation();

  [[nodiscard]] std::span<char> room();
  void received(std::size_t count);
  Step advance();
  /// Runs the waiting handler of the current request. Never throws.
  Task<void> run_waiting();
  /// What is to be sent. The sender clears it.
  [[nodiscard]] std::string& answers() { return exchange().out; }
  [[nodiscard]] bool has_answers() const { return exchange_ && !exchange_->out.empty(); }
  /// Nothing is in work and nothing unsent: gives memory back until the next request.
  void rest();

  /// When the wait for input must end.
  [[nodiscard]] Deadline due() const { return due_; }
  [[nodiscard]] bool is_idle() const { return phase_ == Phase::idle; }
  /// The server drains: an idle conversation ends after `drain_linger`.
  void drain();
  /// due() has passed. In mid-request the answer is 408; an idle conversation just ends.
  void cut();
  /// True if the conversation ended with input unread, which must be drained lest the answer gets lost.
  [[nodiscard]] bool leaves_input() const { return leaves_input_; }

 private:
  enum class Phase : std::uint8_t { idle, head, body, waiting };

  bool begin_request();
  bool accept_head(std::string_view block);
  bool check_expectation();
  bool read_body();
  Step dispatch();
  void describe_caller();
  void answer_by_itself();
  void run_plain();
  void fail(Failure why, std::string_view what);
  void finish();
  void refuse(int status);
  void end_with(int status);
  void append_answer(bool is_kept);
  void await_next();
  Exchange& exchange() {
    if (!exchange_) exchange_ = lane_.exchanges.take();
    return *exchange_;
  }

  Lane& lane_;
  const Peer peer_;
  const std::function<bool()> has_more_input_;
  InputBuffer input_;
  std::unique_ptr<Exchange> exchange_;
  Framing framing_;
  Router::Found found_;
  Deadline now_, due_;
  std::size_t scanned_ = 0;    ///< unread bytes that hold no end of a block
  std::size_t head_size_ = 0;  ///< of the current block, which stays unread while its request is in work
  Phase phase_ = Phase::idle;
  bool is_after_empty_line_ = false;
  bool owes_continue_ = false;
  bool has_ended_ = false;
  bool leaves_input_ = false;
};

}  // namespace propusk::http
