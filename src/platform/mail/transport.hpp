// Transport: the way by which a finished message leaves.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "core/outbox/mailer.hpp"
#include "platform/mail/mailbox.hpp"

namespace propusk::platform {

/// A message, ready to go.
struct OutgoingMail {
  std::string id;  ///< 16 hex digits of the outbox id
  core::MailKind kind{};
  Mailbox from, to;
  std::string subject, text;
  std::string bytes;  ///< of the whole message, lines end with CRLF
  Instant created_at{};
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Tries once. `mail` lives until the task has ended. Never throws for what the network or the disk does.
  virtual Task<core::Delivery> send(const OutgoingMail& mail, Deadline deadline) = 0;
};

}  // namespace propusk::platform
