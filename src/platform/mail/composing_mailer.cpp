// A letter becomes words, the words a message, and the message leaves; nothing on this way may throw at the outbox.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <mutex>

#include "base/outage.hpp"
#include "base/pending.hpp"
#include "platform/mail/log_transport.hpp"
#include "platform/mail/mail_templates.hpp"
#include "platform/mail/maildir.hpp"
#include "platform/mail/mailer.hpp"
#include "platform/mail/mime_message.hpp"
#include "platform/mail/plain_text.hpp"
#include "platform/mail/smtp_transport.hpp"

namespace propusk::platform {
namespace {
using Outcome = core::Delivery::Outcome;

Mailbox sender_of(const MailerSettings& settings) {
  auto from = mailbox(settings.from);
  if (!from) throw Outage("mail.from", fmt::format("`{}` is no address; write NAME@DOMAIN", plain_text(settings.from)));
  return std::move(*from);
}

std::unique_ptr<Transport> transport_of(const MailerSettings& settings, const Mailbox& from,
                                        boost::asio::io_context& context) {
  switch (settings.transport) {
    case MailTransport::smtp: return std::make_unique<SmtpTransport>(settings.smtp, from.domain, context);
    case MailTransport::maildir: return std::make_unique<Maildir>(settings.maildir);
    case MailTransport::log: return std::make_unique<LogTransport>(settings.log);
  }
  return nullptr;
}

/// A server may quote the message that it refuses, links and all: whatever is long enough to be a secret is left out.
std::string presentable(std::string_view answer) {
  constexpr std::size_t secret_length = 43;  // 256 bits in base64url, core/links/link.hpp
  const auto is_secret_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  std::string shown;
  for (std::size_t from = 0; from < answer.size();) {
    std::size_t to = from;
    while (to < answer.size() && is_secret_character(answer[to])) ++to;
    shown += to - from >= secret_length ? std::string_view("***") : answer.substr(from, to - from);
    if (to < answer.size()) shown += answer[to];
    from = to + 1;
  }
  return std::string(clipped(plain_text(shown), answer_limit));
}
}  // namespace

struct ComposingMailer::Inside {
  Inside(MailerSettings given, boost::asio::io_context& given_context, const Clock& given_clock)
      : settings(std::move(given)),
        context(given_context),
        clock(given_clock),
        from(sender_of(settings)),
        templates(settings.templates),
        transport(transport_of(settings, from, context)) {}

  OutgoingMail compose(const core::Letter& letter, const MailWords& words, Mailbox to) const {
    OutgoingMail mail{.id = fmt::format("{:016x}", static_cast<std::uint64_t>(letter.id)),
                      .kind = letter.kind,
                      .from = from,
                      .to = std::move(to),
                      .subject = words.subject,
                      .text = words.text,
                      .bytes = {},
                      .created_at = letter.created_at};
    mail.bytes = mime_bytes({.id = mail.id,
                             .from_name = settings.site_name,
                             .from = from,
                             .to = mail.to,
                             .subject = words.subject,
                             .date = letter.created_at,
                             .language = letter.language,
                             .text = words.text,
                             .html = words.html});
    return mail;
  }

  void capture(const OutgoingMail& mail, const core::Letter& letter, MailWords words) {
    if (settings.capture == 0) return;
    const std::lock_guard lock(mutex);
    captured.push_front({.id = mail.id,
                         .kind = std::string(core::row_of(mail.kind).name),
                         .recipient = letter.recipient,
                         .subject = std::move(words.subject),
                         .text = std::move(words.text),
                         .html = std::move(words.html),
                         .at = clock.now()});
    if (captured.size() > settings.capture) captured.pop_back();
  }

  /// Runs on `context`, whoever waits: `self` lives as long as the attempt.
  static Task<void> attempt(std::shared_ptr<Inside> self, core::Letter letter, Deadline deadline,
                            std::shared_ptr<Pending<core::Delivery>> result);

  const MailerSettings settings;
  boost::asio::io_context& context;
  const Clock& clock;
  const Mailbox from;
  const MailTemplates templates;
  const std::unique_ptr<Transport> transport;
  std::mutex mutex;
  std::deque<CapturedMail> captured;
};

Task<void> ComposingMailer::Inside::attempt(std::shared_ptr<Inside> self, core::Letter letter, Deadline deadline,
                                            std::shared_ptr<Pending<core::Delivery>> result) {
  core::Delivery delivery{Outcome::refused, "this is no address that a mail server could take"};
  try {
    if (auto to = mailbox(letter.recipient)) {
      MailWords words = self->templates.words(letter, {self->settings.site_name, self->settings.origin});
      const OutgoingMail mail = self->compose(letter, words, std::move(*to));
      delivery = co_await self->transport->send(mail, deadline);
      if (delivery.outcome == Outcome::accepted) self->capture(mail, letter, std::move(words));
    }
  } catch (const std::exception& failure) {
    delivery = {Outcome::delayed, failure.what()};
  }
  delivery.answer = presentable(delivery.answer);
  result->complete(std::move(delivery));
}

ComposingMailer::ComposingMailer(MailerSettings settings, boost::asio::io_context& context, const Clock& clock)
    : inside_(std::make_shared<Inside>(std::move(settings), context, clock)) {}

ComposingMailer::~ComposingMailer() = default;

Task<core::Delivery> ComposingMailer::deliver(core::Letter letter, Deadline deadline) {
  constexpr seconds grace{1};  // the attempt ends at the deadline by itself, and says more than we could
  const auto result = std::make_shared<Pending<core::Delivery>>(co_await this_executor());
  boost::asio::co_spawn(inside_->context, Inside::attempt(inside_, std::move(letter), deadline, result),
                        boost::asio::detached);
  auto delivery = co_await result->wait(deadline + grace);
  co_return delivery ? std::move(*delivery) : core::Delivery{Outcome::unreachable, "no answer in time"};
}

std::vector<CapturedMail> ComposingMailer::captured() const {
  const std::lock_guard lock(inside_->mutex);
  return {inside_->captured.begin(), inside_->captured.end()};
}

}  // namespace propusk::platform
