// SmtpSession: one connection to a mail server. libcurl makes it (names, TCP, TLS, STARTTLS, AUTH); then we talk.
#pragma once
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/curl_multi.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/mail/smtp_reply.hpp"

namespace propusk::platform {

class SmtpSession {
 public:
  /// `route` as SmtpSettings::routes; `name` is how we introduce ourselves where the URL does not say it. Throws Outage
  /// when the URL is none of smtp:// or smtps://.
  SmtpSession(CurlMulti& multi, const SmtpSettings& settings, const SmtpRoute& route, const std::string& name);
  ~SmtpSession();  ///< says QUIT and does not wait for the answer
  SmtpSession(const SmtpSession&) = delete;
  SmtpSession& operator=(const SmtpSession&) = delete;

  /// Connects, secures and signs in. Nothing: ready for MAIL; else why not, in words for operators.
  Task<std::optional<std::string>> open(Deadline deadline);
  /// Sends `bytes` and returns the answer; nothing when the connection broke or no answer came within
  /// SmtpSettings::answer_timeout or by the deadline. problem() says which, and the session is of no more use.
  Task<std::optional<SmtpReply>> ask(std::string bytes, Deadline deadline);
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Whether the server takes addresses beyond ASCII (SMTPUTF8).
  [[nodiscard]] bool takes_utf8() const { return takes_utf8_; }
  /// Whether the connection is open and the server says nothing, as it should between messages.
  [[nodiscard]] bool is_quiet();
  /// "host:port".
  [[nodiscard]] const std::string& peer() const { return peer_; }

 private:
  struct Socket;
  static std::size_t take_line(char* bytes, std::size_t size, std::size_t count, void* self);
  void aim(const SmtpRoute& route, const std::string& name);
  [[nodiscard]] std::string why(CURLcode code) const;
  Task<bool> tell(std::string_view bytes, Deadline deadline);
  Task<std::optional<SmtpReply>> hear(Deadline deadline);
  Task<bool> ready(boost::asio::posix::descriptor_base::wait_type way, Deadline deadline);

  const SmtpSettings& settings_;
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  std::string peer_;
  std::string last_line_;  ///< that the server said while libcurl talked to it
  bool takes_utf8_ = false;
  std::string problem_;
  SmtpReplyReader replies_;
  CurlTransfer transfer_;
  std::shared_ptr<Socket> socket_;  ///< watches the connection of transfer_, which owns it
};

}  // namespace propusk::platform
