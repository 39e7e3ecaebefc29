// OutboxStore: the port through which mails and mail requests are read and written.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outbox/mail.hpp"

namespace propusk::core {

class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  // requests
  /// Appends. False if mail_requests_limit rows wait: nothing was written.
  virtual bool add_request(const MailRequest& request) = 0;
  /// The oldest, at most `limit`.
  [[nodiscard]] virtual std::vector<MailRequest> oldest_requests(std::size_t limit) const = 0;
  virtual void erase_request(std::int64_t id) = 0;

  // mails
  virtual void insert(const Mail& mail) = 0;
  [[nodiscard]] virtual std::optional<Mail> find(MailId id) const = 0;
  /// Mails to this canonical address that were created at or after `since`. What was cancelled before its first attempt
  /// does not count; what was cancelled later may have been taken.
  /// Of one kind or of all.
  [[nodiscard]] virtual std::int64_t count_since(std::string_view recipient_key, Instant since,
                                                 std::optional<MailKind> kind) const = 0;
  /// Newest first; of one state or of all; older than `before` (created_at, id) where given: for paging.
  [[nodiscard]] virtual std::vector<Mail> list(std::optional<MailState> state, std::optional<MailId> before,
                                               std::size_t limit) const = 0;
  /// How many are queued, and how many of them are due at `now`.
  struct Depth {
    std::int64_t queued = 0, due = 0, dead = 0;
  };
  [[nodiscard]] virtual Depth depth(Instant now) const = 0;

  // delivering
  /// Domains after `after` in byte order that have a mail which is queued, due at `now` and not leased; at most
  /// `limit`. A step costs an index seek per domain, however many mails wait for one.
  [[nodiscard]] virtual std::vector<std::string> due_domains(std::string_view after, Instant now,
                                                             std::size_t limit) const = 0;
  /// Leases at most `limit` due mails of a domain, oldest attempt first: attempts + 1, leased_until set. Two claims
  /// never get the same mail.
  virtual std::vector<Mail> claim(std::string_view domain, Instant now, Instant leased_until, std::size_t limit) = 0;
  /// The earliest moment at which a queued mail is due or its lease ends; nothing if none is queued.
  [[nodiscard]] virtual std::optional<Instant> next_due() const = 0;
  /// Ends an attempt: the mail leaves the queue. False if it was no longer queued or this is not its last attempt; only
  /// one that was cancelled meanwhile still becomes sent, because it was.
  virtual bool settle(MailId id, std::int64_t attempt, MailState state, std::string_view answer, Instant at) = 0;
  /// Ends an attempt: the mail waits until `next_attempt_at`. False as above.
  virtual bool postpone(MailId id, std::int64_t attempt, Instant next_attempt_at, std::string_view answer) = 0;
  /// Puts a mail that left the queue unsent back into it, due at `at`. False if there is no such mail.
  virtual bool requeue(MailId id, Instant at, Instant expires_at) = 0;
  /// Queued or dead → cancelled. False if there is no such mail in these states.
  virtual bool cancel(MailId id, Instant at) = 0;
  /// Cancels what is queued of one kind to an address, or for an account.
  virtual void cancel_all_to(std::string_view recipient_key, MailKind kind, Instant at) = 0;
  virtual void cancel_all_of(AccountId account, MailKind kind, Instant at) = 0;
  /// The same of those alone that were created at or after `since`.
  virtual void cancel_all_since(AccountId account, MailKind kind, Instant since, Instant at) = 0;
  /// Ends every lease of this node: when it starts, nobody works for it any more.
  virtual void release_leases() = 0;
  /// Deletes at most `limit` mails that left the queue before `at`; returns how many.
  virtual std::size_t erase_settled(Instant at, std::size_t limit) = 0;
};

}  // namespace propusk::core
