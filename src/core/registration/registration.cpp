// Registration: examine the whole form, look whether the name is free, hash, and let the unique index decide.
#include "core/registration/registration.hpp"

#include <array>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/new_account.hpp"
#include "core/audit/audit.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {

namespace {
Task<Result<AccountId>> attempt_registration(RegistrationDraft draft, const Caller& caller,
                                             const RegistrationDeps& deps) {
  Refusals problems = deps.policy.judge(draft.password);
  if (!is_username(draft.username, draft.shape)) problems.add(Refusal::username_malformed);
  if (!is_email(draft.email)) problems.add(Refusal::email_malformed);
  if (problems.any()) co_return std::unexpected(Refused(problems.first(), problems));

  // From here on the answer tells whether a name exists, and costs a hash: both are rationed.
  if (auto allowed = deps.limits.begin_registration(caller.address); !allowed)
    co_return std::unexpected(allowed.error());
  const bool is_taken = co_await deps.store.read(
      [username = draft.username](const Transaction& transaction) {
        return transaction.accounts().find_by_username(username).has_value();
      },
      caller.deadline);
  if (is_taken) co_return refuse(Refusal::username_taken);

  std::optional<Secret<>> password = normal_password(draft.password);
  if (!password) co_return refuse(Refusal::password_malformed);
  CO_TRY(hash, co_await deps.hasher.hash(std::move(*password), caller));
  const Account account =
      new_account({.username = draft.username, .email = draft.email, .password_hash = hash}, deps.clock.now());
  const AuditEvent created{.id = new_audit_id(deps.random),
                           .at = account.created_at,
                           .action = AuditAction::account_created,
                           .account = {},
                           .actor = "client " + caller.address.to_string(),
                           .detail = "dialect=" + std::string(deps.dialect)};
  co_return co_await deps.store.write(
      [account, created, ids = draw_account_ids(deps.random)](Transaction& transaction) -> Result<AccountId> {
        TRY(id, insert_account(transaction.accounts(), account, ids));
        AuditEvent event = created;
        event.account = id;
        transaction.audit().append(event);
        return id;
      },
      caller.deadline);
}
}  // namespace

Task<Result<AccountId>> register_account(RegistrationDraft draft, const Caller& caller, RegistrationDeps deps) {
  Result<AccountId> result = co_await attempt_registration(std::move(draft), caller, deps);
  deps.outcomes.count(result);
  co_return result;
}

}  // namespace propusk::core
