// Operators' verbs: each one transaction with its audit event; what they end is ended by the store's effects.
#include "core/admin/administration.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"
#include "core/admin/operator_event.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {
namespace {
/// An operator's own machine is one client of the hashing pool.
Caller as_caller(const Operator& by) { return {.address = {}, .user_agent = "", .deadline = by.deadline}; }

std::optional<AccountId> as_id(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return AccountId{id};
}

std::optional<Account> only_one(std::vector<Account> found) {
  if (found.size() != 1) return std::nullopt;
  return std::move(found.front());
}

std::optional<Account> find_by_any(const AccountStore& accounts, const std::string& identifier) {
  if (const auto id = as_id(identifier))
    if (auto account = accounts.find(*id)) return account;
  if (auto account = accounts.find_by_username(identifier)) return account;
  if (const auto key = canonical_name(identifier))
    if (auto account = only_one(accounts.find_by_username_key(*key))) return account;
  if (const auto key = canonical_email(identifier)) return only_one(accounts.find_by_email_key(*key, 2));
  return std::nullopt;
}

/// A password judged and hashed, ready to be stored.
Task<Result<std::string>> hash_new_password(Secret<> password, const Operator& by, const AdministrationDeps& deps) {
  const Refusals problems = deps.policy.judge(password);
  if (problems.any()) co_return std::unexpected(Refused(problems.first(), problems));
  std::optional<Secret<>> normal = normal_password(password);
  if (!normal) co_return refuse(Refusal::password_malformed);
  const Caller caller = as_caller(by);
  co_return co_await deps.hasher.hash(std::move(*normal), caller);
}

struct AccountWait {
  AccountState state{};
  std::optional<Instant> pending_until;
};
/// Disabling an account that waits for its address and enabling it again does not vouch for the address: it waits on.
AccountWait wait_after(const Account& account, AccountState wanted, Instant now) {
  const bool waits = account.state == AccountState::pending || account.pending_until;
  if (!waits) return {wanted, std::nullopt};
  if (wanted == AccountState::disabled) return {wanted, account.pending_until.value_or(now)};
  return {AccountState::pending, now + activation_wait};
}

Task<Result<void>> set_state(AccountId account, AccountState state, AuditAction action, Operator by,
                             AdministrationDeps deps) {
  const AuditEvent event = operator_event(action, account, by, deps);
  co_return co_await deps.store.write(
      [=](Transaction& transaction) -> Result<void> {
        const std::optional<Account> found = transaction.accounts().find(account);
        if (!found) return refuse(Refusal::account_unknown);
        if (found->state == state) return {};
        if (found->state == AccountState::pending && state == AccountState::active)
          return refuse(Refusal::account_disabled);
        const AccountWait after = wait_after(*found, state, event.at);
        transaction.accounts().set_state(account, after.state, after.pending_until);
        if (state == AccountState::disabled) transaction.accounts().end_everything(account);
        transaction.audit().append(event);
        return {};
      },
      by.deadline);
}

Refusals problems_of(const NewAccount& wanted, const PasswordPolicy& policy) {
  Refusals problems = policy.judge(wanted.password);
  if (!is_username(wanted.username, UsernameShape::slug)) problems.add(Refusal::username_malformed);
  const bool may_be_absent = wanted.email.empty() && !wanted.is_pending;
  if (!may_be_absent && !is_email(wanted.email)) problems.add(Refusal::email_malformed);
  return problems;
}

Account account_of(const NewAccount& wanted, std::string hash, Instant now) {
  Account account = new_account({.username = wanted.username,
                                 .email = wanted.email,
                                 .password_hash = std::move(hash),
                                 .claims_email = wanted.is_pending},
                                now);
  return wanted.is_pending ? as_pending(std::move(account), now) : account;
}

Result<AccountId> create(Transaction& transaction, const Account& account, const AccountIds& ids, AuditEvent created) {
  TRY(id, insert_account(transaction.accounts(), account, ids));
  created.account = id;
  transaction.audit().append(created);
  if (account.state != AccountState::pending) return id;
  // As somebody asks for another one: its claim makes it the account that the address stands for.
  const MailRequest request{.kind = MailKind::activation, .email = account.email, .created_at = account.created_at};
  constexpr std::chrono::seconds until_some_are_worked_off{30};
  if (!transaction.outbox().add_request(request)) return refuse(Refusal::overloaded, until_some_are_worked_off);
  return id;
}
}  // namespace

Task<Result<Account>> create_account(NewAccount wanted, Operator by, AdministrationDeps deps) {
  const Refusals problems = problems_of(wanted, deps.policy);
  if (problems.any()) co_return std::unexpected(Refused(problems.first(), problems));
  CO_TRY(hash, co_await hash_new_password(wanted.password, by, deps));
  Account account = account_of(wanted, std::move(hash), deps.clock.now());
  CO_TRY(id, co_await deps.store.write(
                 [account, event = operator_event(AuditAction::account_created, std::nullopt, by, deps),
                  ids = draw_account_ids(deps.random)](Transaction& transaction) {
                   return create(transaction, account, ids, event);
                 },
                 by.deadline));
  account.id = id;
  co_return account;
}

Task<Result<Account>> find_account(std::string identifier, Operator by, AdministrationDeps deps) {
  std::optional<Account> account = co_await deps.store.read(
      [identifier](const Transaction& transaction) { return find_by_any(transaction.accounts(), identifier); },
      by.deadline);
  if (!account) co_return refuse(Refusal::account_unknown);
  co_return std::move(*account);
}

Task<Result<std::vector<Account>>> list_accounts(AccountId after, std::size_t limit, Operator by,
                                                 AdministrationDeps deps) {
  co_return co_await deps.store.read(
      [=](const Transaction& transaction) { return transaction.accounts().list(after, limit); }, by.deadline);
}

Task<Result<void>> disable_account(AccountId account, Operator by, AdministrationDeps deps) {
  return set_state(account, AccountState::disabled, AuditAction::account_disabled, std::move(by), deps);
}

Task<Result<void>> enable_account(AccountId account, Operator by, AdministrationDeps deps) {
  return set_state(account, AccountState::active, AuditAction::account_enabled, std::move(by), deps);
}

Task<Result<void>> delete_account(AccountId account, Operator by, AdministrationDeps deps) {
  const AuditEvent event = operator_event(AuditAction::account_deleted, account, by, deps);
  co_return co_await deps.store.write(
      [=](Transaction& transaction) -> Result<void> {
        if (!transaction.accounts().find(account)) return refuse(Refusal::account_unknown);
        transaction.accounts().erase(account);
        transaction.audit().append(event);
        return {};
      },
      by.deadline);
}

Task<Result<void>> set_password(AccountId account, Secret<> password, Operator by, AdministrationDeps deps) {
  CO_TRY(hash, co_await hash_new_password(std::move(password), by, deps));
  const AuditEvent event = operator_event(AuditAction::password_set, account, by, deps);
  co_return co_await deps.store.write(
      [account, hash, event](Transaction& transaction) -> Result<void> {
        if (!transaction.accounts().find(account)) return refuse(Refusal::account_unknown);
        transaction.accounts().set_password(account, hash, event.at);
        transaction.accounts().end_everything(account);
        transaction.audit().append(event);
        return {};
      },
      by.deadline);
}

Task<Result<std::vector<AuditEvent>>> list_audit(std::optional<AccountId> account, std::size_t limit, Operator by,
                                                 AdministrationDeps deps) {
  co_return co_await deps.store.read(
      [=](const Transaction& transaction) { return transaction.audit().list(account, limit); }, by.deadline);
}

}  // namespace propusk::core
