// RFC 5321 §4.2: three digits, then `-` on every line but the last.
#include "platform/mail/smtp_reply.hpp"

#include "platform/mail/plain_text.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t pending_limit = 16'384;  // 32 lines of the 512 bytes of RFC 5321 §4.5.3.1.5; wordy servers have 5

bool is_digit(char byte, char from, char to) { return byte >= from && byte <= to; }

/// 200 to 599, or 0. A server's 1xx does not exist in SMTP.
int code_of(std::string_view line) {
  if (line.size() < 3 || !is_digit(line[0], '2', '5') || !is_digit(line[1], '0', '9') || !is_digit(line[2], '0', '9'))
    return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}
}  // namespace

void SmtpReplyReader::feed(std::string_view bytes) {
  if (is_broken_) return;
  pending_ += bytes;
  std::size_t end = 0;
  while (!is_broken_ && !whole_ && (end = pending_.find('\n')) != std::string::npos) {
    const std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    read_line(line.ends_with('\r') ? std::string_view(line).substr(0, line.size() - 1) : line);
  }
  if (pending_.size() + words_.size() > pending_limit) is_broken_ = true;
}

void SmtpReplyReader::read_line(std::string_view line) {
  const int code = code_of(line);
  const char sign = line.size() > 3 ? line[3] : ' ';
  if (code == 0 || (code_ != 0 && code != code_) || (sign != ' ' && sign != '-')) {
    is_broken_ = true;
    return;
  }
  code_ = code;
  if (line.size() > 4) words_.append(1, ' ').append(line.substr(4));
  if (sign == '-') return;
  const std::string text = plain_text(std::to_string(code) + words_);
  whole_ = SmtpReply{code, std::string(clipped(text, answer_limit))};
  words_.clear();
  code_ = 0;
}

std::optional<SmtpReply> SmtpReplyReader::take() {
  std::optional<SmtpReply> reply;
  reply.swap(whole_);
  if (reply) feed("");  // what came with it
  return reply;
}

core::Delivery delivery_of(const SmtpReply& reply) {
  using Outcome = core::Delivery::Outcome;
  switch (reply.code) {
    case 530:
    case 534:
    case 535:
    case 538:
      return {Outcome::unreachable,
              reply.text +
                  "; the server wants TLS or another sign-in: check mail.smtp_tls, the user in mail.smtp_url "
                  "and mail.smtp_password_file"};
    default: break;
  }
  switch (reply.code / 100) {
    case 2: return {Outcome::accepted, reply.text};
    case 4: return {Outcome::delayed, reply.text};
    case 5: return {Outcome::refused, reply.text};
    default: return {Outcome::unreachable, reply.text + "; this answer does not belong here"};
  }
}

}  // namespace propusk::platform
