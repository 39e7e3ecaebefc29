// The mailer: a letter gets its words and its MIME form, and leaves by the configured transport.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/outbox/mailer.hpp"

namespace propusk::platform {

/// One SMTP server; tried in the order of the list.
struct SmtpRoute {
  Secret<> url;  ///< smtp://[USER:PASSWORD@]HOST[:PORT][/NAME] or smtps://…; NAME: of ours, for EHLO
};
struct SmtpSettings {
  std::vector<SmtpRoute> routes;
  Secret<> password;         ///< for the user named in a URL that gives none; "" = none
  bool requires_tls = true;  ///< STARTTLS on smtp://, else the message stays here
  std::string ca_file;       ///< PEM; "" = the system's
  std::chrono::seconds connect_timeout{10};
  /// Longest silence of a server: a tarpit of 60 s is not a failure, RFC 5321 §4.5.3.2 asks for more patience only of
  /// relays.
  std::chrono::seconds answer_timeout{120};
};

enum class MailTransport : std::uint8_t { smtp, maildir, log };

/// A message as it was sent or kept, for the development inbox.
struct CapturedMail {
  std::string id;  ///< hex of the outbox id
  std::string kind, recipient, subject, text, html;
  Instant at{};
};

struct MailerSettings {
  MailTransport transport = MailTransport::maildir;
  std::string from;                 ///< address
  std::string site_name;            ///< shown as the sender's name and in texts
  std::string origin;               ///< shown in texts, https://id.example.org
  std::filesystem::path maildir;    ///< DIR/mail: messages lie in new/ (maildir(5))
  std::filesystem::path templates;  ///< overrides; "" = none
  SmtpSettings smtp;
  std::size_t capture = 0;  ///< keep so many of the last messages in memory, for the development inbox
  /// For the log transport alone: called on the context's thread with the lines of a mail, its links among them.
  std::function<void(std::string_view line)> log;
};

class ComposingMailer final : public core::Mailer {
 public:
  /// Loads all templates. `context` runs the network, on one thread, and outlives this, as `clock` does. Throws Outage
  /// with file, line and what to do when an override cannot be used, when the maildir cannot be made, or when the
  /// sender or a route is none.
  ComposingMailer(MailerSettings settings, boost::asio::io_context& context, const Clock& clock);
  ~ComposingMailer() override;
  /// May be awaited on any io_context. What is under way when this ends goes on as long as `context` runs.
  Task<core::Delivery> deliver(core::Letter letter, Deadline deadline) override;
  /// Newest first. Thread-safe.
  [[nodiscard]] std::vector<CapturedMail> captured() const;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace propusk::platform
