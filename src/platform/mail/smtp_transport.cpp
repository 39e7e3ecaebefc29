// The mail transaction of RFC 5321 §3.3: MAIL, RCPT, DATA, the message, a dot.
#include "platform/mail/smtp_transport.hpp"

#include <fmt/format.h>

namespace propusk::platform {
namespace {
using Outcome = core::Delivery::Outcome;
constexpr seconds idle_limit{10};      // Postfix under stress closes idle connections after 10 s (smtpd_timeout)
constexpr std::size_t idle_count = 4;  // bursts need no more, and servers count connections

/// Lines that begin with a dot get another one (RFC 5321 §4.5.2); the dot of the end. `bytes` ends with CRLF.
std::string dotted(std::string_view bytes) {
  std::string out;
  for (std::size_t end = 0; !bytes.empty(); bytes.remove_prefix(end)) {
    end = bytes.find('\n') + 1;
    if (bytes.starts_with('.')) out += '.';
    out += bytes.substr(0, end);
  }
  return out + ".\r\n";
}

/// All that failed, when nothing else is left.
core::Delivery joined(core::Delivery last, std::string_view before, bool was_delayed) {
  if (was_delayed) last.outcome = Outcome::delayed;
  return {last.outcome, before.empty() ? last.answer : fmt::format("{}; then {}", before, last.answer)};
}
}  // namespace

SmtpTransport::SmtpTransport(SmtpSettings settings, std::string name, boost::asio::io_context& context)
    : settings_(std::move(settings)), name_(std::move(name)), multi_(context) {
  for (const SmtpRoute& route : settings_.routes) SmtpSession(multi_, settings_, route, name_);  // throws for a bad one
}

Task<core::Delivery> SmtpTransport::send(const OutgoingMail& mail, Deadline deadline) {
  core::Delivery failure{Outcome::unreachable, "there is no mail server; set mail.smtp_url"};
  std::string before;
  bool was_delayed = false;
  for (std::size_t route = 0; route < settings_.routes.size(); ++route) {
    if (route > 0) before += (before.empty() ? "" : "; then ") + failure.answer;
    Attempt attempt = co_await try_route(route, mail, deadline);
    if (!attempt.may_try_next) co_return std::move(attempt.delivery);
    was_delayed = was_delayed || attempt.delivery.outcome == Outcome::delayed;
    failure = std::move(attempt.delivery);
  }
  co_return joined(std::move(failure), before, was_delayed);
}

Task<SmtpTransport::Attempt> SmtpTransport::try_route(std::size_t route, const OutgoingMail& mail, Deadline deadline) {
  if (auto session = take_idle(route)) {
    Attempt attempt = co_await converse(*session, mail, deadline);
    if (attempt.delivery.outcome == Outcome::accepted) keep(std::move(session), route);
    if (!attempt.may_try_next) co_return attempt;  // else it had been left too long: once more, from the beginning
  }
  auto session = std::make_unique<SmtpSession>(multi_, settings_, settings_.routes[route], name_);
  if (auto problem = co_await session->open(deadline))
    co_return Attempt{{Outcome::unreachable, std::move(*problem)}, true};
  Attempt attempt = co_await converse(*session, mail, deadline);
  if (attempt.delivery.outcome == Outcome::accepted) keep(std::move(session), route);
  co_return attempt;
}

Task<SmtpTransport::Attempt> SmtpTransport::converse(SmtpSession& session, const OutgoingMail& mail,
                                                     Deadline deadline) {
  const bool needs_utf8 = mail.from.needs_utf8 || mail.to.needs_utf8;
  if (needs_utf8 && !session.takes_utf8())
    co_return Attempt{{Outcome::refused, session.peer() + " takes no address with letters beyond ASCII (SMTPUTF8)"}};
  const auto from = co_await session.ask(
      fmt::format("MAIL FROM:<{}>{}\r\n", mail.from.text(), needs_utf8 ? " SMTPUTF8" : ""), deadline);
  if (!from) co_return Attempt{{Outcome::unreachable, session.problem()}, true};
  core::Delivery sender = delivery_of(*from);
  if (sender.outcome != Outcome::accepted) {
    const bool may_try_next = sender.outcome != Outcome::refused;
    co_return Attempt{std::move(sender), may_try_next};
  }
  const auto to = co_await session.ask(fmt::format("RCPT TO:<{}>\r\n", mail.to.text()), deadline);
  if (!to) co_return Attempt{{Outcome::unreachable, session.problem()}, true};
  core::Delivery recipient = delivery_of(*to);
  if (recipient.outcome != Outcome::accepted) co_return Attempt{std::move(recipient)};
  co_return co_await hand_over(session, mail, deadline);
}

Task<SmtpTransport::Attempt> SmtpTransport::hand_over(SmtpSession& session, const OutgoingMail& mail,
                                                      Deadline deadline) {
  constexpr int go_ahead = 354;
  const auto go = co_await session.ask("DATA\r\n", deadline);
  if (!go) co_return Attempt{{Outcome::unreachable, session.problem()}};
  if (go->code != go_ahead) {
    core::Delivery delivery = delivery_of(*go);
    if (delivery.outcome == Outcome::accepted) delivery = {Outcome::unreachable, go->text + "; 354 was expected"};
    co_return Attempt{std::move(delivery)};
  }
  const auto taken = co_await session.ask(dotted(mail.bytes), deadline);
  if (!taken)
    co_return Attempt{{Outcome::unreachable, session.problem() + " after the message was sent; it may have arrived"}};
  co_return Attempt{delivery_of(*taken)};
}

std::unique_ptr<SmtpSession> SmtpTransport::take_idle(std::size_t route) {
  const Deadline oldest = std::chrono::steady_clock::now() - idle_limit;
  std::erase_if(idle_, [oldest](const Idle& idle) { return idle.since < oldest || !idle.session->is_quiet(); });
  const auto found = std::ranges::find(idle_, route, &Idle::route);
  if (found == idle_.end()) return nullptr;
  auto session = std::move(found->session);
  idle_.erase(found);
  return session;
}

void SmtpTransport::keep(std::unique_ptr<SmtpSession> session, std::size_t route) {
  if (idle_.size() < idle_count) idle_.push_back({std::move(session), route, std::chrono::steady_clock::now()});
}

}  // namespace propusk::platform
