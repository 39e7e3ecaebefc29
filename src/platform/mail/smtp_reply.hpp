// SmtpReply: what a mail server answers, read from its bytes, and what that means for a message.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/outbox/mailer.hpp"

namespace propusk::platform {

/// Longest core::Delivery::answer.
inline constexpr std::size_t answer_limit = 500;

struct SmtpReply {
  int code = 0;      ///< 200 to 599
  std::string text;  ///< code and words, the lines of a long answer joined; printable, at most answer_limit bytes
};

/// Cuts a server's bytes into replies (RFC 5321 §4.2.1). Untrusted: what is no reply, or has no end, breaks it for
/// good.
class SmtpReplyReader {
 public:
  void feed(std::string_view bytes);
  /// The next whole reply, if it has come.
  std::optional<SmtpReply> take();
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  void read_line(std::string_view line);
  std::string pending_;  ///< a line without its end yet
  std::string words_;    ///< of the lines of the current reply so far
  int code_ = 0;         ///< of the current reply; 0 between replies
  std::optional<SmtpReply> whole_;
  bool is_broken_ = false;
};

/// What a reply to MAIL, RCPT, DATA or the final dot means: 2xx accepted, 4xx delayed, 5xx refused; but a server that
/// wants TLS or another sign-in (530, 534, 535, 538: RFC 4954 §6, RFC 3207 §4) says nothing about the message: the
/// route is unusable as we are configured. So it is after an answer that does not belong there.
core::Delivery delivery_of(const SmtpReply& reply);

}  // namespace propusk::platform
