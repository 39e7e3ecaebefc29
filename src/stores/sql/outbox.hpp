// Outbox: the port of mails and mail requests as SQL.
#pragma once
#include "core/outbox/outbox_store.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

/// Contracts: core/outbox/outbox_store.hpp. Mails and requests of a kind or state that this version does not know are
/// counted, but not seen: a newer version sends them. While a mail is leased its next_attempt_at is the end of the
/// lease: it becomes due by itself when nobody reports. An attempt may be reported after its lease as long as no other
/// has begun. A retried mail goes on counting its attempts, so that no report of an older one is taken for a newer one.
class Outbox final : public core::OutboxStore {
 public:
  explicit Outbox(Connection& connection, std::int64_t node = 0,
                  std::int64_t requests_limit = core::mail_requests_limit)
      : connection_(connection), node_(node), requests_limit_(requests_limit) {}

  /// The bound counts from the oldest id to the newest, never rows: it is conservative while requests between them are
  /// gone already. Ids ascend among those that wait; a table that was empty begins at 1 again.
  bool add_request(const core::MailRequest& request) override;
  [[nodiscard]] std::vector<core::MailRequest> oldest_requests(std::size_t limit) const override;
  void erase_request(std::int64_t id) override;

  void insert(const core::Mail& mail) override;
  [[nodiscard]] std::optional<core::Mail> find(core::MailId id) const override;
  [[nodiscard]] std::int64_t count_since(std::string_view recipient_key, Instant since,
                                         std::optional<core::MailKind> kind) const override;
  /// Empty after a `before` that is gone.
  [[nodiscard]] std::vector<core::Mail> list(std::optional<core::MailState> state, std::optional<core::MailId> before,
                                             std::size_t limit) const override;
  [[nodiscard]] Depth depth(Instant now) const override;

  [[nodiscard]] std::vector<std::string> due_domains(std::string_view after, Instant now,
                                                     std::size_t limit) const override;
  std::vector<core::Mail> claim(std::string_view domain, Instant now, Instant leased_until, std::size_t limit) override;
  [[nodiscard]] std::optional<Instant> next_due() const override;
  bool settle(core::MailId id, std::int64_t attempt, core::MailState state, std::string_view answer,
              Instant at) override;
  bool postpone(core::MailId id, std::int64_t attempt, Instant next_attempt_at, std::string_view answer) override;
  bool requeue(core::MailId id, Instant at, Instant expires_at) override;
  bool cancel(core::MailId id, Instant at) override;
  void cancel_all_to(std::string_view recipient_key, core::MailKind kind, Instant at) override;
  void cancel_all_of(core::AccountId account, core::MailKind kind, Instant at) override;
  void cancel_all_since(core::AccountId account, core::MailKind kind, Instant since, Instant at) override;
  /// Reads every queued row: for a start.
  void release_leases() override;
  std::size_t erase_settled(Instant at, std::size_t limit) override;

 private:
  Connection& connection_;
  const std::int64_t node_;  ///< whose leases these are
  const std::int64_t requests_limit_;
};

}  // namespace propusk::sql
