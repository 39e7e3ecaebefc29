// Operators' verbs on the outbox.
#include "core/admin/mail_administration.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/accounts/names.hpp"
#include "core/admin/operator_event.hpp"

namespace propusk::core {
namespace {
/// Does `change` to the row, with its event, and returns what it has become.
Task<Result<Mail>> changed(MailId id, AuditEvent event, bool (*change)(OutboxStore&, const Mail&, Instant),
                           Deadline deadline, Store& store) {
  co_return co_await store.write(
      [=](Transaction& transaction) -> Result<Mail> {
        const std::optional<Mail> mail = transaction.outbox().find(id);
        if (!mail || !change(transaction.outbox(), *mail, event.at)) return refuse(Refusal::mail_unknown);
        AuditEvent with_account = event;
        with_account.account = mail->account;
        transaction.audit().append(with_account);
        return *transaction.outbox().find(id);
      },
      deadline);
}
}  // namespace

Task<Result<std::vector<Mail>>> list_mail(std::optional<MailState> state, std::optional<MailId> before,
                                          std::size_t limit, Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.read(
      [=](const Transaction& transaction) { return transaction.outbox().list(state, before, limit); }, by.deadline);
}

Task<Result<Mail>> find_mail(MailId id, Operator by, AdministrationDeps deps) {
  std::optional<Mail> mail = co_await deps.store.read(
      [id](const Transaction& transaction) { return transaction.outbox().find(id); }, by.deadline);
  if (!mail) co_return refuse(Refusal::mail_unknown);
  co_return std::move(*mail);
}

Task<Result<Mail>> retry_mail(MailId id, Operator by, AdministrationDeps deps) {
  const auto requeue = [](OutboxStore& outbox, const Mail& mail, Instant now) {
    return outbox.requeue(mail.id, now, now + row_of(mail.kind).lifetime);
  };
  co_return co_await changed(id, operator_event(AuditAction::mail_retried, {}, by, deps, "mail=" + mail_id_text(id)),
                             +requeue, by.deadline, deps.store);
}

Task<Result<Mail>> drop_mail(MailId id, Operator by, AdministrationDeps deps) {
  const auto cancel = [](OutboxStore& outbox, const Mail& mail, Instant now) { return outbox.cancel(mail.id, now); };
  co_return co_await changed(id, operator_event(AuditAction::mail_dropped, {}, by, deps, "mail=" + mail_id_text(id)),
                             +cancel, by.deadline, deps.store);
}

Task<Result<Delivery>> test_mail(std::string address, Operator by, AdministrationDeps deps) {
  if (!is_email(address)) co_return refuse(Refusal::email_malformed);
  const AuditEvent event = operator_event(AuditAction::mail_tested, {}, by, deps);
  CO_TRY(audited, co_await deps.store.write(
                      [event](Transaction& transaction) -> Result<bool> {
                        transaction.audit().append(event);
                        return true;
                      },
                      by.deadline));
  std::ignore = audited;
  Letter letter{.id = static_cast<std::int64_t>(draw_mail_id(deps.random)),
                .kind = MailKind::test,
                .language = Language::en,
                .recipient = std::move(address),
                .created_at = event.at,
                .doors = {},
                .facts = {}};
  co_return co_await deps.mailer().deliver(std::move(letter), by.deadline);
}

}  // namespace propusk::core
