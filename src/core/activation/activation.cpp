// What an activation link does, it does in one transaction; the unique use is the link's own row.
#include "core/activation/activation.hpp"

#include <array>
#include <memory>
#include <tuple>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/rename.hpp"
#include "core/outbox/mailed_link.hpp"

namespace propusk::core {
namespace {
/// A link that is acted upon, as its write needs it.
struct Following {
  LinkPresented presented;
  std::array<std::int64_t, 2> audit_ids{};
  PostingDesk desk;
  std::string client;
  bool sends_confirmation = false;
};

std::shared_ptr<const Following> follow(std::string uid, Secret<> secret, const Caller& caller,
                                        const ActivationDeps& deps) {
  return std::make_shared<const Following>(
      LinkPresented{std::move(uid), std::move(secret)},
      std::array{new_audit_id(deps.outbox.random), new_audit_id(deps.outbox.random)}, open_desk(deps.outbox),
      caller.address.to_string(), deps.sends_confirmation);
}

void append(Transaction& transaction, const Following& wanted, std::size_t event, AuditAction action,
            AccountId account) {
  transaction.audit().append({.id = wanted.audit_ids.at(event),
                              .at = wanted.desk.now,
                              .action = action,
                              .account = account,
                              .actor = "client " + wanted.client,
                              .detail = ""});
}

Result<LiveLink> use_link(Transaction& transaction, const Following& wanted) {
  const Instant now = wanted.desk.now;
  TRY(live, look_at_link(transaction.links(), transaction.accounts(), wanted.presented, LinkPurpose::activation, now));
  if (!transaction.links().use(live.link.digest, now)) return refuse(Refusal::link_used);
  return std::move(live);
}

Result<void> activate(Transaction& transaction, const Following& wanted) {
  TRY(live, use_link(transaction, wanted));
  const Account& account = live.account;
  // Somebody else has verified the address since: it is no longer this account's.
  if (transaction.accounts().set_verified_email(account.id, account.email, account.email_key) != Inserted::yes)
    return refuse(Refusal::link_unknown);
  transaction.accounts().set_state(account.id, AccountState::active);
  erase_unused_links(transaction.links(), account.id);
  transaction.outbox().cancel_all_of(account.id, MailKind::activation, wanted.desk.now);
  append(transaction, wanted, 0, AuditAction::account_activated, account.id);
  append(transaction, wanted, 1, AuditAction::email_verified, account.id);
  if (!wanted.sends_confirmation) return {};
  post_mail(transaction,
            {.kind = MailKind::confirmation,
             .recipient = account.email,
             .language = language_of(account),
             .account = account.id,
             .epoch = account.epoch,
             .facts = {}},
            wanted.desk);
  return {};
}

Result<void> disown(Transaction& transaction, const Following& wanted) {
  TRY(live, use_link(transaction, wanted));
  const Account& account = live.account;
  transaction.outbox().cancel_all_of(account.id, MailKind::activation, wanted.desk.now);
  append(transaction, wanted, 0, AuditAction::account_disowned, account.id);
  if (!account.was_active) {
    transaction.accounts().erase(account.id);
    return {};
  }
  // Somebody's account, with an address that is not theirs: no more letters go there.
  transaction.accounts().release_claim(account.id);
  drop_address_name(transaction.accounts(), account);
  std::ignore = transaction.accounts().set_email(account.id, "", "", false);
  erase_unused_links(transaction.links(), account.id);
  return {};
}

Task<Result<void>> attempt_asking(std::string email, Language language, const Caller& caller,
                                  const ActivationDeps& deps) {
  if (!is_email(email)) co_return refuse(Refusal::email_malformed);
  co_return co_await request_mail(MailKind::activation, std::move(email), language, caller, deps.outbox);
}

using Act = Result<void> (*)(Transaction&, const Following&);
Task<Result<void>> act_on_link(Act act, std::shared_ptr<const Following> wanted, const Caller& caller,
                               const OutboxDeps& deps) {
  if (auto allowed = deps.limits.begin_unknown_secret(caller.address); !allowed) co_return allowed;
  co_return co_await deps.store.write([act, wanted](Transaction& transaction) { return act(transaction, *wanted); },
                                      caller.deadline);
}
}  // namespace

Task<Result<void>> request_activation(std::string email, Language language, const Caller& caller, ActivationDeps deps) {
  Result<void> result = co_await attempt_asking(std::move(email), language, caller, deps);
  deps.asked.count(result);
  co_return result;
}

Task<Result<ActivationLink>> look_at_activation_link(std::string uid, Secret<> secret, const Caller& caller,
                                                     ActivationDeps deps) {
  CO_TRY(live, co_await look_at_mailed_link({std::move(uid), std::move(secret)}, LinkPurpose::activation, caller,
                                            deps.outbox));
  co_return ActivationLink{
      .username = live.account.username, .email = live.account.email, .is_new = !live.account.was_active};
}

Task<Result<void>> activate_account(std::string uid, Secret<> secret, const Caller& caller, ActivationDeps deps) {
  Result<void> result =
      co_await act_on_link(activate, follow(std::move(uid), std::move(secret), caller, deps), caller, deps.outbox);
  deps.completed.count(result);
  co_return result;
}

Task<Result<void>> disown_account(std::string uid, Secret<> secret, const Caller& caller, ActivationDeps deps) {
  co_return co_await act_on_link(disown, follow(std::move(uid), std::move(secret), caller, deps), caller, deps.outbox);
}

}  // namespace propusk::core
