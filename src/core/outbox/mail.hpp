// Mail: a letter in the outbox: a row that was written with its cause and stays until it is delivered or given up.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "base/random.hpp"
#include "core/accounts/account.hpp"
#include "core/outbox/mailer.hpp"

namespace propusk::core {

/// Random, positive; drawn before the transaction.
enum class MailId : std::int64_t {};

enum class MailState : std::uint8_t {
  queued,     ///< waits for its next attempt, or is being attempted (leased)
  sent,       ///< a server has taken it
  dead,       ///< refused for good; an operator may retry it
  expired,    ///< outlived its use before a server took it
  cancelled,  ///< its link died, or an operator dropped it
};
std::string_view mail_state_name(MailState state);
std::optional<MailState> mail_state(std::string_view name);

/// A stored mail. It holds no secret: links are minted when it is attempted, so that a stolen database opens nothing.
struct Mail {
  MailId id{};
  MailKind kind{};
  MailState state = MailState::queued;
  std::string recipient;      ///< as typed
  std::string recipient_key;  ///< canonical: what the caps count by
  std::string domain;         ///< of recipient_key: what concurrency and back-off go by
  Language language = Language::en;
  std::optional<AccountId> account;  ///< nothing: recovery, which finds the accounts of the address
  Epoch epoch = 0;                   ///< of that account at the cause; a link mail of another epoch is cancelled
  MailFacts facts;
  Instant created_at{};
  Instant next_attempt_at{};
  Instant expires_at{};
  std::int64_t attempts = 0;
  std::optional<Instant> leased_until;  ///< somebody is attempting it until then
  std::optional<Instant> settled_at;    ///< when it left `queued`
  std::string last_answer;              ///< of the last attempt
};

/// A request that must not tell who exists (DESIGN.md §6.3): only what was asked, nobody looked up.
struct MailRequest {
  std::int64_t id = 0;  ///< ascending; given by the store
  MailKind kind{};
  std::string email;  ///< as typed
  Language language = Language::en;
  Instant created_at{};
};

/// Rows of mail_requests at most (DESIGN.md §6.8).
inline constexpr std::int64_t mail_requests_limit = 100'000;

MailId draw_mail_id(Random& random);
/// 16 hex digits: how operators and messages name a mail.
std::string mail_id_text(MailId id);
/// The inverse; nothing for another text.
std::optional<MailId> mail_id(std::string_view text);

}  // namespace propusk::core
