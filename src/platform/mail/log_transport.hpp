// LogTransport: writes letters into the log instead of sending them, so that a trial needs no mail server.
#pragma once
#include <functional>
#include <string_view>

#include "platform/mail/transport.hpp"

namespace propusk::platform {

class LogTransport final : public Transport {
 public:
  explicit LogTransport(std::function<void(std::string_view line)> log) : log_(std::move(log)) {}
  /// One line of JSON: kind, recipient, subject and the text with its links, which are secrets: for trials only.
  Task<core::Delivery> send(const OutgoingMail& mail, Deadline deadline) override;

 private:
  std::function<void(std::string_view line)> log_;
};

}  // namespace propusk::platform
