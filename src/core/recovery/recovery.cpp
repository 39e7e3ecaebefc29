// Asking, looking and completing. What a link does, it does in one transaction.
#include "core/recovery/recovery.hpp"

#include <array>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"
#include "core/outbox/mailed_link.hpp"
#include "core/passwords/normal_password.hpp"
#include "core/social/foreign_connections.hpp"

namespace propusk::core {
namespace {
/// A completed recovery, as its write needs it.
struct Completion {
  LinkPresented presented;
  std::string password_hash;
  std::array<std::int64_t, 3> audit_ids{};
  PostingDesk desk;
  std::string client, device;
};

void append_events(Transaction& transaction, const Account& account, const Completion& wanted) {
  AuditEvent event{.id = wanted.audit_ids[0],
                   .at = wanted.desk.now,
                   .action = AuditAction::password_reset,
                   .account = account.id,
                   .actor = "client " + wanted.client,
                   .detail = ""};
  transaction.audit().append(event);
  if (account.email_verified) return;
  event.id = wanted.audit_ids[1];
  event.action = AuditAction::email_verified;
  transaction.audit().append(event);
}

Result<void> complete(Transaction& transaction, const Completion& wanted) {
  const Instant now = wanted.desk.now;
  TRY(live, look_at_link(transaction.links(), transaction.accounts(), wanted.presented, LinkPurpose::recovery, now));
  const Account& account = live.account;
  if (!transaction.links().use(live.link.digest, now)) return refuse(Refusal::link_used);
  // Somebody else has verified the address since: it is no longer this account's.
  if (transaction.accounts().set_verified_email(account.id, account.email, account.email_key) != Inserted::yes)
    return refuse(Refusal::link_unknown);
  transaction.accounts().set_password(account.id, wanted.password_hash, now);
  transaction.accounts().note_password_proved(account.id);
  transaction.accounts().end_everything(account.id);
  end_foreign_connections(
      transaction, account.id,
      {.email = account.email, .event_id = wanted.audit_ids[2], .now = now, .client = wanted.client});
  erase_unused_links(transaction.links(), account.id);
  for (MailKind kind : {MailKind::recovery, MailKind::password_reset})
    transaction.outbox().cancel_all_to(account.email_key, kind, now);
  transaction.outbox().cancel_all_of(account.id, MailKind::email_change, now);
  append_events(transaction, account, wanted);
  if (const std::optional<Account> verified = transaction.accounts().find(account.id))
    post_notice(transaction, MailKind::password_changed, *verified,
                {.client = wanted.client, .device = wanted.device, .other_email = {}}, wanted.desk);
  return {};
}

Task<Result<void>> attempt_recovery(LinkPresented presented, Secret<> new_password, const Caller& caller,
                                    const RecoveryDeps& deps) {
  if (auto live = co_await look_at_mailed_link(presented, LinkPurpose::recovery, caller, deps.outbox); !live)
    co_return std::unexpected(live.error());
  if (const Refusals problems = deps.policy.judge(new_password); problems.any())
    co_return std::unexpected(Refused(problems.first(), problems));
  std::optional<Secret<>> password = normal_password(new_password);
  if (!password) co_return refuse(Refusal::password_malformed);
  CO_TRY(hash, co_await deps.hasher.hash(std::move(*password), caller));
  auto wanted = std::make_shared<const Completion>(
      std::move(presented), std::move(hash),
      std::array{new_audit_id(deps.outbox.random), new_audit_id(deps.outbox.random), new_audit_id(deps.outbox.random)},
      open_desk(deps.outbox), caller.address.to_string(), caller.user_agent);
  co_return co_await deps.outbox.store.write(
      [wanted](Transaction& transaction) { return complete(transaction, *wanted); }, caller.deadline);
}

Task<Result<void>> attempt_asking(std::string email, EmailShape shape, Language language, const Caller& caller,
                                  const RecoveryDeps& deps) {
  if (!is_email(email, shape)) co_return refuse(Refusal::email_malformed);
  co_return co_await request_mail(deps.letter, std::move(email), language, caller, deps.outbox);
}
}  // namespace

Task<Result<void>> begin_recovery(std::string email, EmailShape shape, Language language, const Caller& caller,
                                  RecoveryDeps deps) {
  Result<void> result = co_await attempt_asking(std::move(email), shape, language, caller, deps);
  deps.asked.count(result);
  co_return result;
}

Task<Result<RecoveryLink>> look_at_recovery_link(std::string uid, Secret<> secret, const Caller& caller,
                                                 RecoveryDeps deps) {
  CO_TRY(live,
         co_await look_at_mailed_link({std::move(uid), std::move(secret)}, LinkPurpose::recovery, caller, deps.outbox));
  co_return RecoveryLink{.username = live.account.username};
}

Task<Result<void>> complete_recovery(std::string uid, Secret<> secret, Secret<> new_password, const Caller& caller,
                                     RecoveryDeps deps) {
  Result<void> result =
      co_await attempt_recovery({std::move(uid), std::move(secret)}, std::move(new_password), caller, deps);
  deps.completed.count(result);
  co_return result;
}

}  // namespace propusk::core
