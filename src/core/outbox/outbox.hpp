// Outbox: posting a mail with its cause, asking for one without telling who exists, and delivering what waits.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "core/limits/limits.hpp"
#include "core/links/link.hpp"
#include "core/outbox/mail.hpp"
#include "core/outbox/mailer.hpp"
#include "core/refusal.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// Where a link points: `{uid}` and `{token}` are replaced. Built from the configured public origin alone, never from
/// a request (DESIGN.md §6.2).
struct LinkAddresses {
  std::string recovery{}, email_change{}, activation{}, password_reset{}, username_reset{}, email_undo{};
};

/// What operators decide.
struct OutboxSettings {
  bool caps = true;  ///< the caps per address; lifted with limits.enabled = false (DESIGN.md §8)
  bool notify_new_device = true, notify_password_changed = true, notify_email_changed = true, notify_identities = true;
  LinkAddresses links;
};

/// In which language to write to the owner of an account.
Language language_of(const Account& account);

/// Mails to one address (SECURITY.md D8). What is over a cap is not written, and nobody is told.
struct MailCap {
  std::int64_t per_hour, per_day;
};
inline constexpr MailCap all_mails{3, 10};  ///< over all flows
/// So much may be there before anything is held back but what helps people back in (recoveries, resets, the undoing of
/// a change) and notices to who has verified the address.
inline constexpr MailCap all_but_recoveries{2, 7};
inline constexpr MailCap changes_of_address{1, 3};  ///< to an address that anybody with an account may name

/// What posting needs inside a transaction; drawn and decided before it.
struct PostingDesk {
  const OutboxSettings* settings;  ///< outlive the store
  MailId id{};                     ///< one desk posts one mail
  Instant now{};
};
/// A mail to be posted with its cause.
struct MailDraft {
  MailKind kind{};
  std::string recipient;
  Language language = Language::en;
  std::optional<AccountId> account;
  Epoch epoch = 0;
  MailFacts facts;
};
/// True for what a mail program would turn into a link. User agents and usernames are texts of whoever caused a letter:
/// they lead its reader nowhere.
bool may_be_a_link(std::string_view text);

/// Writes the row, unless the kind is switched off, the address is empty or its caps are reached. A device that may be
/// a link is left out. Whether it did is for counters and tests, never for an answer.
bool post_mail(Transaction& transaction, const MailDraft& draft, const PostingDesk& desk);
/// Whether the caps leave room for one more mail to the address: asked before something is given up for it.
bool may_post(const Transaction& transaction, MailKind kind, const std::string& recipient, const PostingDesk& desk);
/// Posts a notice to the owner of an account, at the address that it has verified or claimed: no other is told what
/// somebody does who typed it.
bool post_notice(Transaction& transaction, MailKind kind, const Account& account, MailFacts facts,
                 const PostingDesk& desk);

struct OutboxDeps {
  Store& store;
  Limits& limits;
  const Clock& clock;
  Random& random;
  const OutboxSettings& settings;
};

/// A desk for one mail.
PostingDesk open_desk(const OutboxDeps& deps);

/// The accounts that a recovery mail to `key` may name: the one that has verified the address, else those that gave it
/// (DESIGN.md §6.5), active ones only; claimed ones and the oldest first, at most accounts_per_address.
std::vector<Account> accounts_for_recovery(const AccountStore& accounts, std::string_view key);
/// More accounts than anybody honestly has with one address, in all spellings of it and in one mail.
inline constexpr std::size_t accounts_per_address = 200, accounts_per_mail = 20;

/// Pending accounts that gave this address, oldest first, at most accounts_per_mail: whom another activation mail may
/// go to.
std::vector<Account> accounts_for_activation(const AccountStore& accounts, std::string_view key);

/// Asks for a mail to whoever has `email`, without looking anybody up: one row, the same for everybody. Refuses
/// limited, and overloaded when mail_requests is full.
Task<Result<void>> request_mail(MailKind kind, std::string email, Language language, const Caller& caller,
                                OutboxDeps deps);

/// Turns at most a batch of requests into mails: finds whether anybody has the address, applies the caps. Returns how
/// many requests were worked off.
Task<std::size_t> answer_mail_requests(Deadline deadline, OutboxDeps deps);

/// A mail in work: what to send and how to report.
struct Dispatch {
  MailId id{};
  std::int64_t attempt = 0;
  std::string domain;
  Letter letter;
};
/// What a claim may take.
struct ClaimLimits {
  std::size_t mails = 0;          ///< at once
  std::size_t per_domain = 0;     ///< of one domain in one claim
  std::string after;              ///< the domain at which the last claim stopped: domains take turns
  std::vector<std::string> busy;  ///< domains to leave alone
  std::chrono::seconds lease{0};  ///< longer than any attempt
};
struct Claim {
  std::vector<Dispatch> dispatches;
  std::string stopped_at;  ///< for the next `after`; "" begins again
};
/// Leases due mails and mints their links, durably, before anything is sent. Mails that have expired or whose link has
/// died are settled here and never leave.
Task<Claim> claim_mails(ClaimLimits limits, Deadline deadline, OutboxDeps deps);

/// Writes down what became of an attempt: sent; dead with an audit event; or the next attempt after a back-off that
/// doubles from 5 s to 30 min (1 min while no server can be reached), with jitter (RFC 5321 §4.5.4.1 asks for 30 min at
/// least; a person waits for a link).
Task<void> settle_mail(MailId id, std::int64_t attempt, Delivery delivery, Deadline deadline, OutboxDeps deps);

}  // namespace propusk::core
