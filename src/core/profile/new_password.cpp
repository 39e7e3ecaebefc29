// One place decides what outlives a password: nothing but the way back to the address before (email_undo).
#include "core/profile/new_password.hpp"

#include <utility>

#include "core/store.hpp"

namespace propusk::core {

SessionGrant settle_new_password(SessionGrant grant, Account account, const NewPassword& wanted) {
  Transaction& transaction = grant.transaction();
  const Instant now = wanted.desk.now;
  transaction.accounts().set_password(account.id, wanted.hash, now);
  SessionGrant renewed = end_all_but(std::move(grant));
  account.epoch = renewed.epoch();
  erase_unused_links(transaction.links(), account.id);
  transaction.outbox().cancel_all_of(account.id, MailKind::email_change, now);
  transaction.audit().append({.id = wanted.audit_id,
                              .at = now,
                              .action = AuditAction::password_changed,
                              .account = account.id,
                              .actor = "client " + wanted.client,
                              .detail = ""});
  post_notice(transaction, MailKind::password_changed, account,
              {.client = wanted.client, .device = wanted.device, .other_email = {}}, wanted.desk);
  return renewed;
}

}  // namespace propusk::core
