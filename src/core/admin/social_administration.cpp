// The same rule as for owners: nobody is locked out.
#include "core/admin/social_administration.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/admin/operator_event.hpp"
#include "core/social/ways_in.hpp"

namespace propusk::core {

Task<std::vector<SocialLink>> list_social_links(AccountId account, Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.read(
      [account](const Transaction& transaction) { return transaction.social_links().list(account); }, by.deadline);
}

Task<Result<std::size_t>> disconnect_by_word(AccountId account, std::string provider,
                                             std::optional<std::string> subject, Operator by, AdministrationDeps deps) {
  const AuditEvent event =
      operator_event(AuditAction::identity_disconnected, account, by, deps, "provider=" + provider);
  co_return co_await deps.store.write(
      [account, provider, subject, event](Transaction& transaction) -> Result<std::size_t> {
        const std::optional<Account> found = transaction.accounts().find(account);
        if (!found) return refuse(Refusal::account_unknown);
        TRY(ended, end_connections(transaction, *found, provider, subject));
        transaction.audit().append(event);
        return ended.size();
      },
      by.deadline);
}

}  // namespace propusk::core
