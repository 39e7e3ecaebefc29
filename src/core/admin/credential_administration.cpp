// Operators' verbs on credentials; what they end is ended by the store's effects.
#include "core/admin/credential_administration.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"
#include "core/admin/operator_event.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {
namespace {
Result<std::vector<Credential>> live_credentials(const Transaction& transaction, AccountId account,
                                                 CredentialFamily family, Instant now) {
  const std::optional<AccountStanding> standing = transaction.credentials().standing(account);
  if (!standing) return refuse(Refusal::account_unknown);
  std::vector<Credential> credentials = transaction.credentials().list(account);
  std::erase_if(credentials, [&](const Credential& c) {
    return family_of(c.kind) != family || c.epoch != standing->epoch || !is_within_life(c, now) ||
           !is_in_force(transaction, c.terms);
  });
  return credentials;
}
}  // namespace

Task<Result<std::vector<Credential>>> list_credentials(AccountId account, CredentialFamily family, Operator by,
                                                       AdministrationDeps deps) {
  co_return co_await deps.store.read(
      [account, family, now = deps.clock.now()](const Transaction& transaction) {
        return live_credentials(transaction, account, family, now);
      },
      by.deadline);
}

Task<Result<void>> revoke_credential(Digest digest, Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.write(
      [digest, event = operator_event(AuditAction::session_revoked, std::nullopt, by, deps)](
          Transaction& transaction) -> Result<void> {
        const std::optional<Credential> credential = transaction.credentials().find(digest);
        if (!credential) return refuse(Refusal::not_signed_in);
        transaction.credentials().erase(digest);
        AuditEvent of_account = event;
        of_account.account = credential->account;
        if (family_of(credential->kind) == CredentialFamily::token) {
          of_account.action = AuditAction::token_revoked;
          of_account.detail = "kind=" + std::string(row_of(credential->kind).name);
        }
        transaction.audit().append(of_account);
        return {};
      },
      by.deadline);
}

Task<Result<std::size_t>> revoke_tokens(AccountId account, Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.write(
      [account, event = operator_event(AuditAction::tokens_ended, account, by, deps)](
          Transaction& transaction) -> Result<std::size_t> {
        TRY(live, live_credentials(transaction, account, CredentialFamily::token, event.at));
        for (const Credential& credential : live) transaction.credentials().erase(credential.digest);
        if (!live.empty()) transaction.audit().append(event);
        return live.size();
      },
      by.deadline);
}

Task<Result<void>> sign_out_everywhere(AccountId account, Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.write(
      [account, event = operator_event(AuditAction::signed_out, account, by, deps, "everywhere")](
          Transaction& transaction) -> Result<void> {
        if (!transaction.accounts().find(account)) return refuse(Refusal::account_unknown);
        transaction.accounts().end_everything(account);
        transaction.audit().append(event);
        return {};
      },
      by.deadline);
}

}  // namespace propusk::core
