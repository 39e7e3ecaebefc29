// The link that was mailed to a new address: looking at it, and making the address the account's own.
#include <array>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"
#include "core/outbox/mailed_link.hpp"
#include "core/profile/profile.hpp"
#include "core/profile/proved_email.hpp"

namespace propusk::core {
namespace {
struct Confirmation {
  LinkPresented presented;
  std::array<std::int64_t, 2> audit_ids{};
  PostingDesk desk;
  std::string client, device;
};

void append_events(Transaction& transaction, const Account& account, const Confirmation& wanted) {
  AuditEvent event{.id = wanted.audit_ids[0],
                   .at = wanted.desk.now,
                   .action = AuditAction::email_changed,
                   .account = account.id,
                   .actor = "client " + wanted.client,
                   .detail = ""};
  transaction.audit().append(event);
  event.id = wanted.audit_ids[1];
  event.action = AuditAction::email_verified;
  transaction.audit().append(event);
}

Result<void> confirm(Transaction& transaction, const Confirmation& wanted) {
  const Instant now = wanted.desk.now;
  TRY(live, take_proved_email(transaction, wanted.presented, LinkPurpose::email_change, now));
  const Account& account = live.account;
  const std::string& email = live.link.email;
  erase_unused_links(transaction.links(), account.id);
  append_events(transaction, account, wanted);
  if (account.email_key == email_key(email)) return {};
  post_notice(transaction, MailKind::email_changed, account,
              {.client = wanted.client, .device = wanted.device, .other_email = email}, wanted.desk);
  return {};
}
}  // namespace

Task<Result<EmailChangeLink>> look_at_email_change_link(std::string uid, Secret<> secret, const Caller& caller,
                                                        ProfileDeps deps) {
  CO_TRY(live, co_await look_at_mailed_link({std::move(uid), std::move(secret)}, LinkPurpose::email_change, caller,
                                            deps.outbox));
  co_return EmailChangeLink{.username = live.account.username, .email = live.link.email};
}

Task<Result<void>> confirm_email_change(std::string uid, Secret<> secret, const Caller& caller, ProfileDeps deps) {
  if (auto allowed = deps.outbox.limits.begin_unknown_secret(caller.address); !allowed) co_return allowed;
  auto wanted = std::make_shared<const Confirmation>(
      LinkPresented{std::move(uid), std::move(secret)},
      std::array{new_audit_id(deps.outbox.random), new_audit_id(deps.outbox.random)}, open_desk(deps.outbox),
      caller.address.to_string(), caller.user_agent);
  co_return co_await deps.outbox.store.write(
      [wanted](Transaction& transaction) { return confirm(transaction, *wanted); }, caller.deadline);
}

}  // namespace propusk::core
