// The new address is unproved, so the account waits for it where the dialect says so; the old one keeps a way back.
#include "core/profile/email_replacement.hpp"

#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/rename.hpp"
#include "core/accounts/taken.hpp"
#include "core/outbox/mailed_link.hpp"
#include "core/profile/proved_email.hpp"
#include "core/social/foreign_connections.hpp"

namespace propusk::core {
namespace {
/// The person at the old address learns of it, and can take the account back.
void tell_old_address(Transaction& transaction, const Account& account, const EmailReplacement& wanted) {
  if (!has_settled_email(account)) return;
  post_mail(transaction,
            {.kind = MailKind::email_replaced,
             .recipient = account.email,
             .language = language_of(account),
             .account = account.id,
             .epoch = account.epoch,
             .facts = {.client = wanted.client, .device = wanted.device, .other_email = wanted.email}},
            wanted.desks[0]);
}

void ask_new_address(Transaction& transaction, const Account& account, const EmailReplacement& wanted) {
  const Instant now = wanted.desks[1].now;
  transaction.accounts().set_state(account.id, AccountState::pending, now + activation_wait);
  transaction.outbox().cancel_all_of(account.id, MailKind::activation, now);
  post_mail(transaction,
            {.kind = MailKind::activation,
             .recipient = wanted.email,
             .language = language_of(account),
             .account = account.id,
             .epoch = account.epoch,
             .facts = {.client = wanted.client, .device = {}, .other_email = {}}},  // a device is a stranger's words
            wanted.desks[1]);
}

/// An undone change, as its write needs it.
struct Undoing {
  LinkPresented presented;
  std::int64_t audit_id = 0, connections_audit_id = 0;
  std::string client;
  PostingDesk desk;
};

Result<void> undo(Transaction& transaction, const Undoing& wanted) {
  const Instant now = wanted.desk.now;
  TRY(live, take_proved_email(transaction, wanted.presented, LinkPurpose::email_undo, now));
  const Account& account = live.account;
  transaction.accounts().set_state(account.id, AccountState::active);
  transaction.accounts().end_everything(account.id);
  end_foreign_connections(
      transaction, account.id,
      {.email = live.link.email, .event_id = wanted.connections_audit_id, .now = now, .client = wanted.client});
  erase_unused_links(transaction.links(), account.id);
  // What was changed before this may still be undone by whoever had the account then; what came after is undone with
  // it.
  transaction.links().erase_unused_since(account.id, LinkPurpose::email_undo, live.link.created_at);
  transaction.outbox().cancel_all_since(account.id, MailKind::email_replaced, live.link.created_at, now);
  transaction.outbox().cancel_all_of(account.id, MailKind::activation, now);
  transaction.outbox().cancel_all_of(account.id, MailKind::email_change, now);
  transaction.audit().append({.id = wanted.audit_id,
                              .at = now,
                              .action = AuditAction::email_change_undone,
                              .account = account.id,
                              .actor = "client " + wanted.client,
                              .detail = ""});
  // Whoever had proved the address that it had loses the account, and learns of it; nobody learns from where it was
  // taken back.
  if (account.email_verified)
    post_notice(transaction, MailKind::email_changed, account,
                {.client = {}, .device = {}, .other_email = live.link.email}, wanted.desk);
  return {};
}
}  // namespace

Result<void> replace_email(Transaction& transaction, const Account& account, const EmailReplacement& wanted) {
  if (account.email == wanted.email) return {};
  if (wanted.rule.is_claimed && is_email_taken(transaction.accounts(), wanted.email, account.id))
    return refuse(Refusal::email_taken);
  // Anybody can fill the caps of an address. Not mailed, the way back would be nobody's.
  constexpr std::chrono::seconds until_there_is_room{3'600};  // an hour, as the caps count
  if (has_settled_email(account) && !may_post(transaction, MailKind::email_replaced, account.email, wanted.desks[0]))
    return refuse(Refusal::limited, until_there_is_room);
  if (transaction.accounts().set_email(account.id, wanted.email, email_key(wanted.email), wanted.rule.is_claimed) !=
      Inserted::yes)
    return refuse(Refusal::email_taken);
  if (wanted.rule.renames_username) rename_with_email(transaction.accounts(), account, wanted.email);
  erase_unused_links(transaction.links(), account.id);
  transaction.outbox().cancel_all_of(account.id, MailKind::email_change, wanted.desks[0].now);
  tell_old_address(transaction, account, wanted);
  if (wanted.rule.needs_activation) ask_new_address(transaction, account, wanted);
  transaction.audit().append({.id = wanted.audit_id,
                              .at = wanted.desks[0].now,
                              .action = AuditAction::email_changed,
                              .account = account.id,
                              .actor = "client " + wanted.client,
                              .detail = ""});
  return {};
}

Task<Result<EmailUndoLink>> look_at_email_undo_link(std::string uid, Secret<> secret, const Caller& caller,
                                                    OutboxDeps deps) {
  CO_TRY(live,
         co_await look_at_mailed_link({std::move(uid), std::move(secret)}, LinkPurpose::email_undo, caller, deps));
  co_return EmailUndoLink{.username = live.account.username, .old_email = live.link.email, .email = live.account.email};
}

Task<Result<void>> undo_email_change(std::string uid, Secret<> secret, const Caller& caller, OutboxDeps deps) {
  if (auto allowed = deps.limits.begin_unknown_secret(caller.address); !allowed) co_return allowed;
  auto wanted =
      std::make_shared<const Undoing>(LinkPresented{std::move(uid), std::move(secret)}, new_audit_id(deps.random),
                                      new_audit_id(deps.random), caller.address.to_string(), open_desk(deps));
  co_return co_await deps.store.write([wanted](Transaction& transaction) { return undo(transaction, *wanted); },
                                      caller.deadline);
}

}  // namespace propusk::core
