// Registration: examine the whole form, look whether the names are free, hash, and let the unique indexes decide.
#include "core/registration/registration.hpp"

#include <array>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/audit/audit.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {

namespace {
Refusals problems_of(const RegistrationDraft& draft, const PasswordPolicy& policy) {
  Refusals problems = policy.judge(draft.password);
  if (!is_username(draft.username, draft.shape)) problems.add(Refusal::username_malformed);
  if (!is_email(draft.email, draft.email_shape)) problems.add(Refusal::email_malformed);
  if (is_foreign_email(draft.username, email_key(draft.email))) problems.add(Refusal::username_malformed);
  return problems;
}

Result<AccountId> create(Transaction& transaction, const Account& account, const AccountIds& ids, AuditEvent created) {
  const auto id = insert_account(transaction.accounts(), account, ids);
  if (!id && id.error().why == Refusal::email_taken) return std::unexpected(email_taken_by(account.username));
  if (!id) return id;
  created.account = *id;
  transaction.audit().append(created);
  return id;
}

Task<Result<AccountId>> attempt_registration(RegistrationDraft draft, const Caller& caller,
                                             const RegistrationDeps& deps) {
  Refusals problems = problems_of(draft, deps.policy);
  if (problems.any() && !(draft.tells_taken_first && !problems.has(Refusal::username_malformed)))
    co_return std::unexpected(Refused(problems.first(), problems));

  // From here on the answer tells whether a name exists, and costs a hash: both are rationed.
  if (auto allowed = deps.limits.begin_registration(caller.address); !allowed)
    co_return std::unexpected(allowed.error());
  problems.add(co_await deps.store.read(
      [username = draft.username, email = draft.claims_email ? draft.email : ""](const Transaction& transaction) {
        return taken_names(transaction.accounts(), username, email);
      },
      caller.deadline));
  if (problems.any()) co_return std::unexpected(Refused(problems.first(), problems));

  std::optional<Secret<>> password = normal_password(draft.password);
  if (!password) co_return refuse(Refusal::password_malformed);
  CO_TRY(hash, co_await deps.hasher.hash(std::move(*password), caller));
  const Account account = new_account({.username = draft.username,
                                       .email = draft.email,
                                       .password_hash = hash,
                                       .claims_email = draft.claims_email,
                                       .language = std::string(draft.language ? language_name(*draft.language) : "")},
                                      deps.clock.now());
  const AuditEvent created{.id = new_audit_id(deps.random),
                           .at = account.created_at,
                           .action = AuditAction::account_created,
                           .account = {},
                           .actor = "client " + caller.address.to_string(),
                           .detail = "dialect=" + std::string(deps.dialect)};
  co_return co_await deps.store.write(
      [account, created, ids = draw_account_ids(deps.random)](Transaction& transaction) {
        return create(transaction, account, ids, created);
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
