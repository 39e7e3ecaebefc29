// SmtpTransport: messages to mail servers, over the routes in their order.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "platform/curl_multi.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/mail/smtp_session.hpp"
#include "platform/mail/transport.hpp"

namespace propusk::platform {

class SmtpTransport final : public Transport {
 public:
  /// `name`: how we introduce ourselves (EHLO). Throws Outage when a route's URL cannot be used.
  SmtpTransport(SmtpSettings settings, std::string name, boost::asio::io_context& context);

  /// The next route is tried while no server has answered RCPT: after a failed connect, TLS, AUTH, greeting or MAIL.
  /// Later a second server could send what the first has taken.
  Task<core::Delivery> send(const OutgoingMail& mail, Deadline deadline) override;

 private:
  struct Attempt {
    core::Delivery delivery;
    bool may_try_next = false;  ///< the message certainly did not go, and it was not about the recipient
  };
  struct Idle {
    std::unique_ptr<SmtpSession> session;
    std::size_t route = 0;
    Deadline since;
  };
  Task<Attempt> try_route(std::size_t route, const OutgoingMail& mail, Deadline deadline);
  static Task<Attempt> converse(SmtpSession& session, const OutgoingMail& mail, Deadline deadline);
  static Task<Attempt> hand_over(SmtpSession& session, const OutgoingMail& mail, Deadline deadline);
  std::unique_ptr<SmtpSession> take_idle(std::size_t route);
  void keep(std::unique_ptr<SmtpSession> session, std::size_t route);

  const SmtpSettings settings_;
  const std::string name_;
  CurlMulti multi_;
  std::vector<Idle> idle_;
};

}  // namespace propusk::platform
