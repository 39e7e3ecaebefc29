// An operator vouches where else a mailed link would.
#include "core/admin/email_administration.hpp"

#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/rename.hpp"
#include "core/admin/operator_event.hpp"

namespace propusk::core {
namespace {
struct Activation {
  AccountId account{};
  bool verifies_email = false;
  AuditEvent activated, verified;
};

Result<void> verify(Transaction& transaction, const Account& account, const AuditEvent& event) {
  if (account.email_verified) return {};
  if (account.email.empty()) return refuse(Refusal::email_malformed);
  if (transaction.accounts().set_verified_email(account.id, account.email, account.email_key) != Inserted::yes)
    return refuse(Refusal::email_taken);
  transaction.audit().append(event);
  return {};
}

Result<void> activate(Transaction& transaction, const Activation& wanted) {
  const std::optional<Account> account = transaction.accounts().find(wanted.account);
  if (!account) return refuse(Refusal::account_unknown);
  if (account->state == AccountState::disabled) return refuse(Refusal::account_disabled);
  if (account->state == AccountState::pending) {
    transaction.accounts().set_state(account->id, AccountState::active);
    transaction.links().erase_unused(account->id, LinkPurpose::activation);
    transaction.outbox().cancel_all_of(account->id, MailKind::activation, wanted.activated.at);
    transaction.audit().append(wanted.activated);
  }
  if (!wanted.verifies_email) return {};
  return verify(transaction, *account, wanted.verified);
}

struct Replacement {
  AccountId account{};
  EmailWord word;
  AuditEvent changed, verified;
};

void end_links(Transaction& transaction, AccountId account, Instant now) {
  for (const LinkPurposeRow& row : link_purposes) transaction.links().erase_unused(account, row.purpose);
  for (const MailKindRow& row : mail_kinds)
    if (row.purpose) transaction.outbox().cancel_all_of(account, row.kind, now);
}

Result<void> replace(Transaction& transaction, const Replacement& wanted) {
  const std::optional<Account> account = transaction.accounts().find(wanted.account);
  if (!account) return refuse(Refusal::account_unknown);
  const auto& [address, is_verified] = wanted.word;
  const bool is_same = account->email == address;
  if (is_same && (account->email_verified || !is_verified)) return {};
  const std::string key = email_key(address);
  const Inserted done = is_verified ? transaction.accounts().set_verified_email(account->id, address, key)
                                    : transaction.accounts().set_email(account->id, address, key, true);
  if (done != Inserted::yes) return refuse(Refusal::email_taken);
  rename_with_email(transaction.accounts(), *account, address);
  end_links(transaction, account->id, wanted.changed.at);
  if (!is_same) transaction.audit().append(wanted.changed);
  if (is_verified) transaction.audit().append(wanted.verified);
  return {};
}
}  // namespace

Task<Result<void>> activate_by_word(AccountId account, bool verifies_email, Operator by, AdministrationDeps deps) {
  auto wanted = std::make_shared<const Activation>(account, verifies_email,
                                                   operator_event(AuditAction::account_activated, account, by, deps),
                                                   operator_event(AuditAction::email_verified, account, by, deps));
  co_return co_await deps.store.write([wanted](Transaction& transaction) { return activate(transaction, *wanted); },
                                      by.deadline);
}

Task<Result<void>> set_email_by_word(AccountId account, EmailWord word, Operator by, AdministrationDeps deps) {
  if (!is_email(word.address)) co_return refuse(Refusal::email_malformed);
  auto wanted = std::make_shared<const Replacement>(account, std::move(word),
                                                    operator_event(AuditAction::email_changed, account, by, deps),
                                                    operator_event(AuditAction::email_verified, account, by, deps));
  co_return co_await deps.store.write([wanted](Transaction& transaction) { return replace(transaction, *wanted); },
                                      by.deadline);
}

}  // namespace propusk::core
