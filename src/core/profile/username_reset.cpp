// One transaction: the link, the name, the trail. A name that cannot be had rolls the use of the link back.
#include "core/profile/username_reset.hpp"

#include <array>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/outbox/mailed_link.hpp"

namespace propusk::core {
namespace {
/// A reset, as its write needs it.
struct Resetting {
  UsernameReset wanted;
  EmailReplacement replacement;
  std::int64_t audit_id = 0;
  std::string client;
  Instant now{};
};

Result<void> rename(Transaction& transaction, const Account& account, const Resetting& reset) {
  const std::string& name = reset.wanted.name;
  if (is_email(name) && is_email_taken(transaction.accounts(), name, account.id))
    return refuse(Refusal::username_taken);
  if (is_foreign_email(name, account.email_key)) return refuse(Refusal::username_malformed);
  if (transaction.accounts().set_username(account.id, name, username_key(name)) != Inserted::yes)
    return refuse(Refusal::username_taken);
  transaction.audit().append({.id = reset.audit_id,
                              .at = reset.now,
                              .action = AuditAction::username_changed,
                              .account = account.id,
                              .actor = "client " + reset.client,
                              .detail = "by=link"});
  return {};
}

/// Asked before the link is looked at, as recorded: one's own name is taken too.
std::optional<Refusal> taken(const AccountStore& accounts, const UsernameReset& wanted) {
  if (wanted.as_email)
    return is_email_taken(accounts, wanted.name) ? std::optional(Refusal::email_taken) : std::nullopt;
  return accounts.find_by_username(wanted.name) ? std::optional(Refusal::username_taken) : std::nullopt;
}

Result<void> complete(Transaction& transaction, const Resetting& reset) {
  if (const auto refusal = taken(transaction.accounts(), reset.wanted)) return refuse(*refusal);
  TRY(live, look_at_link(transaction.links(), transaction.accounts(), reset.wanted.link, LinkPurpose::username_reset,
                         reset.now));
  const Account& account = live.account;
  if (!transaction.links().use(live.link.digest, reset.now)) return refuse(Refusal::link_used);
  if (transaction.accounts().set_verified_email(account.id, account.email, account.email_key) != Inserted::yes)
    return refuse(Refusal::link_unknown);
  if (!reset.wanted.as_email) return rename(transaction, account, reset);
  const std::optional<Account> verified = transaction.accounts().find(account.id);
  return replace_email(transaction, verified.value(), reset.replacement);
}

EmailReplacement replacement_of(const UsernameReset& reset, const Caller& caller, const OutboxDeps& deps) {
  return {.email = reset.name,
          .rule = reset.as_email.value_or(EmailRule{}),
          .client = caller.address.to_string(),
          .device = caller.user_agent,
          .audit_id = new_audit_id(deps.random),
          .desks = {open_desk(deps), open_desk(deps)}};
}
}  // namespace

Task<Result<UsernameResetLink>> look_at_username_reset_link(std::string uid, Secret<> secret, const Caller& caller,
                                                            OutboxDeps deps) {
  CO_TRY(live,
         co_await look_at_mailed_link({std::move(uid), std::move(secret)}, LinkPurpose::username_reset, caller, deps));
  co_return UsernameResetLink{.username = live.account.username, .email = live.account.email};
}

Task<Result<void>> complete_username_reset(UsernameReset reset, const Caller& caller, OutboxDeps deps) {
  if (auto allowed = deps.limits.begin_unknown_secret(caller.address); !allowed) co_return allowed;
  // The answer tells whether a name exists, as that of a registration does.
  if (auto allowed = co_await deps.limits.begin_registration(caller.address, caller.deadline); !allowed)
    co_return allowed;
  if (reset.as_email && !is_email(reset.name)) co_return refuse(Refusal::email_malformed);
  if (!reset.as_email && !is_username(reset.name, UsernameShape::word)) co_return refuse(Refusal::username_malformed);
  EmailReplacement replacement = replacement_of(reset, caller, deps);
  auto wanted = std::make_shared<const Resetting>(std::move(reset), std::move(replacement), new_audit_id(deps.random),
                                                  caller.address.to_string(), deps.clock.now());
  co_return co_await deps.store.write([wanted](Transaction& transaction) { return complete(transaction, *wanted); },
                                      caller.deadline);
}

}  // namespace propusk::core
