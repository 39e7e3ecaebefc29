// Each change: the password where it is asked for, then one transaction that looks at everything again.
#include "core/profile/changes.hpp"

#include <memory>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/passwords/normal_password.hpp"
#include "core/profile/new_password.hpp"
#include "core/profile/reauthentication.hpp"

namespace propusk::core {
namespace {
/// The proof that the bearer is the owner too.
Task<Result<FirstFactorProof>> prove(Bearer bearer, Secret<> current, const Caller& caller, const ProfileDeps& deps) {
  CO_TRY(shown, co_await reauthenticate(bearer, current, caller, deps));
  co_return std::move(shown.proof);
}

AuditEvent event_of(AuditAction action, AccountId account, const Caller& caller, const ProfileDeps& deps) {
  return {.id = new_audit_id(deps.outbox.random),
          .at = deps.outbox.clock.now(),
          .action = action,
          .account = account,
          .actor = "client " + caller.address.to_string(),
          .detail = ""};
}

Result<void> rename(Transaction& transaction, const FirstFactorProof& proof, const UsernameChange& change,
                    const AuditEvent& event) {
  TRY(grant, admit(transaction, proof));
  const Account account = transaction.accounts().find(grant.account()).value();
  const std::string& username = change.username;
  if (account.username == username) return refuse(Refusal::username_taken);
  if (!is_username(username, UsernameShape::word)) return refuse(Refusal::username_malformed);
  if (is_email(username) && is_email_taken(transaction.accounts(), username, account.id))
    return refuse(Refusal::username_taken);
  if (is_foreign_email(username, has_settled_email(account) ? std::string_view(account.email_key) : ""))
    return refuse(Refusal::username_malformed);
  if (transaction.accounts().set_username(account.id, username, username_key(username)) != Inserted::yes)
    return refuse(Refusal::username_taken);
  transaction.audit().append(event);
  return {};
}

/// A bearer's update, as its write needs it.
struct Update {
  ProfileUpdate wanted;
  std::optional<FirstFactorProof> proof;
  EmailReplacement replacement;
  AuditEvent changed;
};

Result<Account> update(Transaction& transaction, const Update& update) {
  if (update.proof)
    if (auto granted = admit(transaction, *update.proof); !granted) return std::unexpected(granted.error());
  TRY(owned, find_owned(transaction, update.wanted.bearer.credential, update.changed.at));
  if (update.wanted.same_is_taken && owned.account.email == update.wanted.email) return refuse(Refusal::email_taken);
  // Whoever has the address may recover the account: that is more than an app of others is ever given.
  if (update.wanted.email && !update.proof && !speaks_for_person(transaction, owned.credential.terms))
    return refuse(Refusal::not_fresh);
  if (update.wanted.email)
    if (auto replaced = replace_email(transaction, owned.account, update.replacement); !replaced)
      return std::unexpected(replaced.error());
  bool is_changed = false;
  for (const auto& [field, text] : update.wanted.fields) {
    if (owned.account.fields[static_cast<std::size_t>(field)] == text) continue;
    transaction.accounts().set_profile_field(owned.account.id, field, text);
    is_changed = true;
  }
  if (is_changed) transaction.audit().append(update.changed);
  return transaction.accounts().find(owned.account.id).value();
}

Task<Result<void>> attempt_password_change(PasswordChange change, const Caller& caller, const ProfileDeps& deps) {
  CO_TRY(proof, co_await prove(change.bearer, std::move(change.current), caller, deps));
  if (const Refusals problems = deps.policy.judge(change.next); problems.any())
    co_return std::unexpected(Refused(problems.first(), problems));
  std::optional<Secret<>> password = normal_password(change.next);
  if (!password) co_return refuse(Refusal::password_malformed);
  CO_TRY(hash, co_await deps.sign_in.hasher.hash(std::move(*password), caller));
  auto wanted = std::make_shared<const NewPassword>(std::move(hash), caller.address.to_string(), caller.user_agent,
                                                    new_audit_id(deps.outbox.random), open_desk(deps.outbox));
  auto shown = std::make_shared<const FirstFactorProof>(std::move(proof));
  co_return co_await deps.outbox.store.write(
      [shown, wanted, kept = change.bearer.credential](Transaction& transaction) -> Result<void> {
        TRY(owned, find_owned(transaction, kept, wanted->desk.now));
        TRY(grant, admit(transaction, *shown));
        const SessionGrant renewed = settle_new_password(std::move(grant), owned.account, *wanted);
        transaction.credentials().move_to_epoch(kept, renewed.epoch());
        return {};
      },
      caller.deadline);
}

Task<Result<void>> attempt_username_change(UsernameChange change, const Caller& caller, const ProfileDeps& deps) {
  CO_TRY(proof, co_await prove(change.bearer, std::move(change.current), caller, deps));
  // From here on the answer tells whether a name exists, as that of a registration does.
  if (auto allowed = co_await deps.outbox.limits.begin_registration(caller.address, caller.deadline); !allowed)
    co_return allowed;
  const AuditEvent event = event_of(AuditAction::username_changed, change.bearer.account, caller, deps);
  auto shown = std::make_shared<const FirstFactorProof>(std::move(proof));
  auto wanted = std::make_shared<const UsernameChange>(std::move(change));
  co_return co_await deps.outbox.store.write(
      [shown, wanted, event](Transaction& transaction) { return rename(transaction, *shown, *wanted, event); },
      caller.deadline);
}

Task<Result<Account>> attempt_update(ProfileUpdate wanted, const Caller& caller, const ProfileDeps& deps) {
  if (auto allowed = co_await deps.outbox.limits.begin_change(wanted.bearer.account, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  std::optional<FirstFactorProof> proof;
  if (wanted.current) {
    CO_TRY(shown, co_await prove(wanted.bearer, std::move(*wanted.current), caller, deps));
    proof.emplace(std::move(shown));
  }
  if (wanted.email) {
    if (!wanted.email->empty() && !is_email(*wanted.email)) co_return refuse(Refusal::email_malformed);
    if (wanted.rule.is_claimed)
      if (auto allowed = co_await deps.outbox.limits.begin_registration(caller.address, caller.deadline); !allowed)
        co_return std::unexpected(allowed.error());
  }
  EmailReplacement replacement{.email = wanted.email.value_or(""),
                               .rule = wanted.rule,
                               .client = caller.address.to_string(),
                               .device = caller.user_agent,
                               .audit_id = new_audit_id(deps.outbox.random),
                               .desks = {open_desk(deps.outbox), open_desk(deps.outbox)}};
  const AuditEvent changed = event_of(AuditAction::profile_changed, wanted.bearer.account, caller, deps);
  auto job = std::make_shared<const Update>(std::move(wanted), std::move(proof), std::move(replacement), changed);
  co_return co_await deps.outbox.store.write([job](Transaction& transaction) { return update(transaction, *job); },
                                             caller.deadline);
}
}  // namespace

Task<Result<void>> confirm_password(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps) {
  CO_TRY(proof, co_await prove(bearer, std::move(current), caller, deps));
  std::ignore = proof.account();
  co_return Result<void>{};
}

Task<Result<void>> change_password(PasswordChange change, const Caller& caller, ProfileDeps deps) {
  Result<void> result = co_await attempt_password_change(std::move(change), caller, deps);
  deps.edits.count(result);
  co_return result;
}

Task<Result<void>> change_username(UsernameChange change, const Caller& caller, ProfileDeps deps) {
  Result<void> result = co_await attempt_username_change(std::move(change), caller, deps);
  deps.edits.count(result);
  co_return result;
}

Task<Result<Account>> update_profile(ProfileUpdate update, const Caller& caller, ProfileDeps deps) {
  Result<Account> result = co_await attempt_update(std::move(update), caller, deps);
  deps.edits.count(result);
  co_return result;
}

Task<Result<void>> delete_own_account(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps) {
  CO_TRY(proof, co_await prove(bearer, std::move(current), caller, deps));
  auto shown = std::make_shared<const FirstFactorProof>(std::move(proof));
  co_return co_await deps.outbox.store.write(
      [shown, credential = bearer.credential,
       event = event_of(AuditAction::account_deleted, bearer.account, caller, deps)](
          Transaction& transaction) -> Result<void> {
        TRY(grant, admit(transaction, *shown));
        if (const auto owned = find_owned(transaction, credential, event.at); !owned)
          return std::unexpected(owned.error());
        transaction.accounts().erase(grant.account());
        transaction.audit().append(event);
        return {};
      },
      caller.deadline);
}

}  // namespace propusk::core
